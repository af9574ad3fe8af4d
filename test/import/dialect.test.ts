import {describe, expect, it} from 'vitest';
import {detectDialect} from '../../src/import/dialect/detect.ts';
import {dialectFiles} from './dialect-files.ts';

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
