import {describe, expect, it} from 'vitest';
import {detectDialect} from '../../src/import/dialect/detect.ts';
import {dialectFiles} from './dialect-files.ts';
import {oddTables, oddTexts} from './odd-dialects.ts';

const cases: [
  title: string,
  text: string,
  delimiter: string | null,
  headerRows: number,
  preamble: number,
  width: number,
][] = [
  ['one row numbers', '1,2,3\n', ',', 0, 0, 3],
  ['one row words', 'a;b;c\n', ';', 1, 0, 3],
  ['two cols decimal comma semi', '1,5;2,5\n3,25;4,1\n', ';', 0, 0, 2],
  ['single col text', 'hello\nworld\nfoo\n', null, 1, 0, 1],
  ['single col sentences', 'The quick brown fox\njumps over the lazy dog, again\nand then; it sleeps\n', null, 1, 0, 1],
  ['single col dates', '2024-01-01\n2024-01-02\n2024-01-03\n', null, 0, 0, 1],
  ['single col timestamps', '2024-01-01 10:00:00\n2024-01-02 11:00:00\n', null, 0, 0, 1],
  ['single col header nums', 'value\n1\n2\n3\n', null, 1, 0, 1],
  ['single decimal comma col', 'x\n1,5\n2,25\n3,75\n4,1\n', null, 1, 0, 1],
  ['url col', 'url\nhttp://a.b/c?d=1,2\nhttp://a.b/c?d=1,3\nhttp://x.y/\n', null, 1, 0, 1],
  ['space delimited', '1 2 3\n4 5 6\n7 8 9\n', ' ', 0, 0, 3],
  ['space header', 'a b c\n4 5 6\n7 8 9\n', ' ', 1, 0, 3],
  ['colon', 'a:b:c\n1:2:3\n4:5:6\n', ':', 1, 0, 3],
  [
    'passwd',
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n',
    ':',
    0,
    0,
    7,
  ],
  ['tilde', 'a~b~c\n1~x,y~3\n2~z~4\n', '~', 1, 0, 3],
  ['caret', 'a^b\n1^2\n3^4\n', '^', 1, 0, 2],
  ['free text quoted', 'id,comment,score\n1,"good, but; slow",4\n2,"bad: very bad, sad",1\n3,ok,3\n', ',', 1, 0, 3],
  ['free text unquoted semis', 'id,comment\n1,a; b; c\n2,d; e\n3,f\n', ',', 1, 0, 2],
  ['times', 'start,end\n10:00,11:00\n12:30,13:00\n', ',', 1, 0, 2],
  ['tab with commas', 'id\tname\tv\n1\tDoe, Jane\t1,234\n2\tRoe, Bob\t2,345\n', '\t', 1, 0, 3],
  ['pipe with commas', 'id|name|v\n1|Doe, Jane|1,234\n2|Roe, Bob|2,345\n', '|', 1, 0, 3],
  ['markdownish', '|a|b|\n|1|2|\n|3|4|\n', '|', 1, 0, 3],
  ['trailing delim', 'a,b,c,\n1,2,3,\n4,5,6,\n', ',', 1, 0, 3],
  ['empty leading', '\n\na,b\n1,2\n3,4\n', ',', 1, 2, 2],
  ['sep', 'sep=;\na;b\n1;2\n', ';', 1, 1, 2],
  ['comment then header', '# c1\n# c2\na,b\n1,2\n', ',', 1, 2, 2],
  ['hash header', '#id,val\n1,2\n3,4\n', ',', 1, 0, 2],
  ['preamble padded', 'Report,,\n,,\nid,x,y\n1,2,3\n4,5,6\n', ',', 1, 2, 3],
  ['kv preamble', 'Station: 42\nPeriod: 2024, all\n\ntime;temp\n10:00;12,5\n11:00;13,5\n12:00;14,5\n', ';', 1, 3, 2],
  ['units row', 'time,temp,hum\ns,degC,%\n1,2.5,30\n2,2.6,31\n3,2.7,32\n', ',', 2, 0, 3],
  ['grouped header', ',2023,,2024,\nregion,a,b,a,b\nN,1,2,3,4\nS,2,3,4,5\nW,2,3,4,5\n', ',', 2, 0, 5],
  ['a gap in words is no unit', 'station;temp\nA;unknown\nB;1.5\nC;2.5\nD;2.7\n', ';', 1, 0, 2],
  ['one unit', 'station;temp\n;degC\nB;1.5\nC;2.5\nD;2.7\n', ';', 2, 0, 2],
  ['sizes above the names', '506,3,,,\nCRIM,ZN,INDUS,CHAS,NOX\n1.1,2,3,4,5\n2.2,3,4,5,6\n', ',', 1, 1, 5],
  [
    'names after a hash',
    '# of all zones\n#code\tat\tzone\nAD\t+4230+00131\tEurope/Andorra\nAE\t+2518+05518\tAsia/Dubai\n',
    '\t',
    1,
    1,
    3,
  ],
  [
    'names closer than values',
    'Days      Duration Weight ID\n  0.0      1      1      1\n  5.0      2      3      4\n',
    ' ',
    1,
    0,
    4,
  ],
  ['single quotes', "id,name\n1,'a, b'\n2,'c, d'\n3,'e'\n", ',', 1, 0, 2],
  ['apostrophes', "id,name\n1,it's\n2,they're\n3,o'clock\n", ',', 1, 0, 2],
  ['all quoted no hdr', '"1","x"\n"2","y"\n', ',', 0, 0, 2],
  ['multi-line', 'id,t\n1,"a\nb, c"\n2,"d\n\ne"\n3,f\n', ',', 1, 0, 2],
  ['backslash', 'id,t\n1,"a \\"b\\", c"\n2,"d"\n', ',', 1, 0, 2],
  ['comma space quote', 'a, b, c\n1, "x, y", 3\n2, "z", 4\n', ',', 1, 0, 3],
  ['R rownames', '"x","y"\n"1",5,6\n"2",7,8\n"3",7,8\n', ',', 1, 0, 3],
  ['json cells', 'id;j\n1;{"a":1,"b":2}\n2;{"a":3,"b":4}\n', ';', 1, 0, 2],
  ['coords', 'name,loc\na,"52.5, 13.4"\nb,"48.1, 11.5"\n', ',', 1, 0, 2],
  ['dates & de numbers', 'Datum;Betrag;Text\n01.02.2024;1.234,56;Miete, warm\n03.02.2024;-99,00;Kauf\n', ';', 1, 0, 3],
  ['soh', 'a\u0001b\n1\u0001x,y\n2\u0001z\n', '\u0001', 1, 0, 2],
  ['all text table', 'name,city,country\nAnn,Paris,France\nBob,Rome,Italy\n', ',', 1, 0, 3],
  ['bool', 'a,b\ntrue,false\nfalse,true\n', ',', 1, 0, 2],
  ['nothdr bool', 'true,x\nfalse,y\ntrue,z\n', ',', 0, 0, 2],
  ['emails', 'name;mail\nA;a@b.co\nB;c@d.org\n', ';', 1, 0, 2],
  ['wide numbers no header', '1.5,2.5,3.5,4.5\n1.6,2.6,3.6,4.6\n', ',', 0, 0, 4],
  ['fixed NA', 'a,b\nNA,1\n2,NA\nNA,NA\n', ',', 1, 0, 2],
  ['latitude', 'id,lat,lon\n1,52.1,13.2\n2,52.2,13.3\n', ',', 1, 0, 3],
  ['ip:port', 'host,port\n10.0.0.1,80\n10.0.0.2,443\n', ',', 1, 0, 2],
  ['double colon ml', '1::F::1::10::48067\n2::M::56::16::70072\n3::M::25::15::55117\n', '::', 0, 0, 5],
  ['comma in header only', 'id,"last, first",x\n1,a,2\n2,b,3\n', ',', 1, 0, 3],
  ['tabs aligned', 'a\t\tb\n1\t\t2\n3\t\t4\n', '\t', 1, 0, 3],
];

describe('hand-made files', () => {
  it.each(cases)('%s', (_, text, delimiter, headerRows, preambleLines, width) => {
    const found = detectDialect(text, true);
    expect({...found}).toMatchObject({delimiter, headerRows, preambleLines, width});
  });
});

describe('generated files', () => {
  const files = dialectFiles();

  it('at least 300 files, at least 99 % read as they were written', () => {
    const wrong = files.filter(({text, truth}) => {
      const {delimiter, headerRows, width, preambleLines} = detectDialect(text, true);
      return (
        delimiter !== truth.delimiter ||
        headerRows !== truth.headerRows ||
        width !== truth.width ||
        preambleLines !== truth.preamble
      );
    });
    expect(files.length).toBeGreaterThanOrEqual(300);
    expect(wrong.map(file => file.title)).toHaveLength(0);
  });

  it('the quote that a file uses is found', () => {
    const wrong = files.filter(
      ({text, truth}) => truth.quote !== null && detectDialect(text, true).quote !== truth.quote,
    );
    expect(wrong.map(file => file.title)).toEqual([]);
  });
});

/** What kinds of files hold that people publish: their delimiter (null: none) and the quote they use. */
const wild: [title: string, text: string, delimiter: string | null, quote: string | null][] = [
  ['gnuplot', '# x y z\n0.1 0.2 0.3\n0.2 0.3 0.4\n0.3 0.5 0.6\n', ' ', null],
  [
    'apache',
    '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a,b HTTP/1.0" 200 2326\n10.0.0.2 - bob [10/Oct/2000:13:55:37 -0700] "GET /x?y=1;z HTTP/1.0" 404 12\n10.0.0.3 - - [10/Oct/2000:13:56:37 -0700] "POST /q HTTP/1.1" 200 9\n',
    ' ',
    '"',
  ],
  ['savetxt', '1.000000000e+00 2.000000000e+00\n-3.0e+00 4.0e-01\n5.0e+00 6.0e+00\n', ' ', null],
  ['arff', '@relation iris\n@attribute a numeric\n@attribute b {x,y}\n@data\n1.0,x\n2.0,y\n3.0,x\n4.5,y\n', ',', null],
  ['counts', 'the 123\nof 99\nand 87\nto 65\n', ' ', null],
  ['keyvals', 'name: Ann Lee\nage: 42\ntown: York\n', ':', null],
  ['ts', '2014-01-01 00:00:00,1.5\n2014-01-01 00:10:00,1.7\n2014-01-01 00:20:00,1.9\n', ',', null],
  ['ts semi', '2014-01-01 00:00;1,5\n2014-01-01 00:10;1,7\n2014-01-01 00:20;1,9\n', ';', null],
  [
    'french',
    'Département;Région;"Nb d\'habitants";Taux\n"01 - Ain";"Rhône-Alpes";"603 827";"12,5"\n"02 - Aisne";"Picardie";"540 067";"13,1"\n',
    ';',
    '"',
  ],
  [
    'uk gov',
    '"Table 1: Deaths, births and marriages, 2012",,,,\n,,,,\nArea,Births,Deaths,Rate,Note\nLeeds,"10,123","6,541",12.1,\nYork,"2,345","1,234",11.0,a\nBath,987,654,10.2,\n',
    ',',
    '"',
  ],
  [
    'uk gov notes',
    'Title: x,,,\nSource: ONS; see notes 1, 2,,,\n,,,\nName,2010,2011,2012\nA,1,2,3\nB,4,5,6\n',
    ',',
    null,
  ],
  ['one row', 'a,b,c', ',', null],
  ['json lines arr', '[1,2,3]\n[4,5,6]\n[7,8,9]\n', ',', null],
  [
    'vcf',
    '##fileformat=VCFv4.1\n##INFO=<ID=DP,Number=1,Type=Integer,Description="Total, Depth">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t100\trs1\tA\tG,T\t29\tPASS\tDP=14;AF=0.5\n1\t200\t.\tC\tT\t30\tPASS\tDP=11;AF=0.1,0.2\n',
    '\t',
    null,
  ],
  [
    'gff',
    'chr1\tsrc\tgene\t1\t100\t.\t+\t.\tID=g1;Name=A,B\nchr1\tsrc\texon\t1\t50\t.\t+\t.\tID=e1;Parent=g1\nchr2\tsrc\tgene\t9\t99\t.\t-\t.\tID=g2;Name=C\n',
    '\t',
    null,
  ],
  ['psql', ' id | name  | v\n----+-------+---\n  1 | a b   | 2\n  2 | c     | 3\n(2 rows)\n', '|', null],
  ['md table', '| id | name |\n|----|------|\n| 1 | a, b |\n| 2 | c |\n', '|', null],
  ['hdr quoted', '"id","name"\n1,a\n2,b\n3,c\n', ',', '"'],
  ['tab trailing', 'a\tb\tc\t\n1\t2\t3\t\n4\t5\t6\t\n', '\t', null],
  ['tweets', 'id,text\n1,"RT @x: hello, ""world"" http://t.co/a"\n2,"just, text; more"\n3,plain text here\n', ',', '"'],
  [
    'tweet tab',
    '1\tRT @x: hello, "world" http://t.co/a\n2\tjust, text; more\n3\tplain "text here\n4\tit\'s\n',
    '\t',
    null,
  ],
  ['emoji pipes', 'a|b|c\nx y|1,5|"q"\nz|2,5|"r"\n', '|', '"'],
  ['ccsv multiline', 'id,t\n1,"a\nb"\n2,"c ""d"" \n e"\n3,f\n', ',', '"'],
  ['passwd like ;', 'root;x;0;0;root;/root;/bin/bash\nbin;x;2;2;bin;/bin;/usr/sbin/nologin\n', ';', null],
  ['names list', 'Lee, Ann\nRoe, Bob\nDoe, Cy\n', ',', null],
  ['phone', 'Ann Lee;+44 1234 567\nBob;+44 999 111\n', ';', null],
  ['coords', '52.5,13.4\n48.1,11.5\n50.9,6.9\n', ',', null],
  ['coords wkt', 'id;geom\n1;POINT(1 2)\n2;LINESTRING(1 2, 3 4)\n3;POINT(5 6)\n', ';', null],
  ['wkt comma', 'id,geom\n1,"POLYGON((1 2, 3 4, 5 6))"\n2,"POLYGON((1 2, 3 4, 5 7))"\n', ',', '"'],
  [
    'ftp ls',
    '-rw-r--r-- 1 root root 1234 Jan  1 10:00 a.txt\n-rw-r--r-- 1 root root 99 Jan 11 10:00 b.txt\ndrwxr-xr-x 2 bob bob 4096 Feb  1 11:00 c\n',
    ' ',
    null,
  ],
  ['semi text commas', 'Kunde;Text;Betrag\nMeier, Hans;Miete, Strom;1.234,50\nMüller;Gas, Wasser;99,00\n', ';', null],
  ['star', 'a*b*c\n1*2*3\n4*5*6\n', '*', null],
  ['hash', 'a#b#c\n1#x y#3\n4#z#6\n', '#', null],
  ['excel sep', 'sep=;\na;b\n1;2\n', ';', null],
  ['spaces after comma', 'a, b, c\n1, 2, 3\n4, "x, y", 6\n', ',', '"'],
  ['quoted space', '"a b" "c d" 1\n"e f" "g" 2\n"h" "i j" 3\n', ' ', '"'],
  ['single col quoted nums', '"1"\n"2"\n"3"\n', null, '"'],
  ['ip cidr', '10.0.0.0/8\n192.168.0.0/16\n172.16.0.0/12\n', null, null],
  ['versions', '1.2.3\n1.2.4\n2.0.0\n', null, null],
  ['hex', 'a3:4f:00\nb1:22:33\nff:ee:dd\n', null, null],
  ['urls hdr', 'link\nhttp://a.b/c-d_e\nhttp://a.b/x-y_z\n', null, null],
  [
    'wide',
    Array.from({length: 40}, (_, i) =>
      Array.from({length: 30}, (_, j) => ((i * j) % 7 ? String(i * j) : '')).join(','),
    ).join('\n'),
    ',',
    null,
  ],
  ['empties', ',,,\n,1,,\n,,2,\n3,,,\n,,,4\n', ',', null],
  ['tab & comma num', 'x\ty\n1,5\t2,5\n3,5\t4,5\n', '\t', null],
  ['text only tab', 'Name\tAddress\nAnn Lee\t1, High St, York\nBob Roe\t2, Low St\n', '\t', null],
  ['csv lyrics', 'artist,song,text\nX,"Y, Z","la la, la\nlo; lo"\nW,V,"na | na"\n', ',', '"'],
  ['backtick', '`a`,`b`\n`1, 2`,`3`\n`4`,`5`\n', ',', '`'],
  ['no quotes apostrophes', "name,what\nBob's,it's 'fine'\nAnn's,don't\n", ',', null],
  ['tilde quotes', '~a~,~b~\n~1, 2~,~3~\n~4~,~5~\n', ',', '~'],
  ['kv semis', 'a=1;b=2;c=3\na=4;b=5;c=6\n', ';', null],
  ['prices tab', 'item\tprice\nA\t$1,234.00\nB\t$99.00\n', '\t', null],
  ['time:temp', '10:00 12.5\n10:10 12.6\n10:20 12.9\n', ' ', null],
  ['markdown list', '- one\n- two, three\n- four\n', null, null],
  [
    'poem',
    "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\nRough winds do shake the darling buds of May,\nAnd summer's lease hath all too short a date;\n",
    null,
    null,
  ],
];

/** The marks as people note them: a blank after a delimiter is none of it, and where no cell is in quotes there is no quote. */
function marksOf(text: string) {
  const {delimiter, quote, escape: mark, usesQuotes, confidence, runnerUp, isDoubtful} = detectDialect(text, true);
  return {
    delimiter: delimiter === null ? null : delimiter === '\t' ? '\t' : delimiter.trim() || ' ',
    quote: usesQuotes ? quote : null,
    escape: mark === '\\' ? '\\' : null,
    isWarned: isDoubtful || (confidence < 0.1 && runnerUp !== null),
  };
}

describe('files as they are met', () => {
  it.each(wild)('%s', (_, text, delimiter, quote) => {
    expect(marksOf(text)).toMatchObject({delimiter, quote});
  });

  it('of over 2,000 tables and texts at least 99 % are read with their own marks, the others with a warning', () => {
    const files = [...oddTexts(), ...oddTables([2, 3, 6, 20, 60])];
    const wrong = files.flatMap(({title, text, delimiter, quote, escape: mark}) => {
      const found = marksOf(text);
      const isRight = found.delimiter === delimiter && found.quote === quote && found.escape === mark;
      return isRight ? [] : [{title, isWarned: found.isWarned}];
    });
    expect(files.length).toBeGreaterThan(2000);
    expect(wrong.length, JSON.stringify(wrong.map(({title}) => title))).toBeLessThan(files.length * 0.01);
    expect(wrong.filter(({isWarned}) => !isWarned)).toEqual([]);
  });
});

describe('odd texts', () => {
  it.each([
    '',
    '\n',
    ',',
    '"',
    '"a',
    '\u0000',
    ',,,\n,,,',
    '\r\r\r',
    'a'.repeat(100_000),
    '"'.repeat(5000),
    ',"\n'.repeat(3000),
  ])('text %# is read without a throw and within a second', text => {
    const started = performance.now();
    expect(detectDialect(text, true).width).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('a delimiter given by hand is used, and so is the number of header rows', () => {
    const text = 'a;b,c\n1;2,3\n4;5,6\n';
    expect(detectDialect(text, true, {delimiter: ','}).delimiter).toBe(',');
    expect(detectDialect(text, true, {header: false}).names).toBeNull();
    expect(detectDialect(text, true, {header: 2})).toMatchObject({headerRows: 2, names: ['a 1', 'b,c 2,3']});
  });
});
