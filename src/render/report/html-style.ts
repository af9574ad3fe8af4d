// How the HTML report looks: one column for reading, light or dark as the reader prefers, black on white on paper.

/** Colours keep a contrast of 4.5 to 1 or more in both themes. */
export const reportStyle = `
:root{--ink:#1c1e21;--soft:#555b63;--paper:#fff;--line:#d5d9de;--tint:#f4f6f8;--link:#0b57a4;--warn:#8a4b00;--warn-tint:#fff4e2}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#a9b0b8;--paper:#16181b;--line:#3a4048;--tint:#1f2327;--link:#8ab8f0;--warn:#f0b764;--warn-tint:#2c2416}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:2.5rem 0 .75rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem;overflow-wrap:anywhere}
p,li,dd{overflow-wrap:anywhere}
a{color:var(--link)}
.made,.from,small,figcaption{color:var(--soft);font-size:.875rem}
nav ol{columns:16rem 2;padding-left:1.5rem}
.caution{border-left:4px solid var(--warn);background:var(--warn-tint);padding:.5rem .75rem}
.note{border-left:4px solid var(--line);padding:.25rem .75rem;color:var(--soft)}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:.35rem}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;max-width:20rem;overflow-wrap:break-word}
.long{min-width:13rem}
th{background:var(--tint)}
.number{text-align:right;white-space:nowrap}
.spark{white-space:nowrap}
figure{margin:1.25rem 0}
figure img{display:block;max-width:100%;height:auto;border-radius:4px}
pre{overflow:auto;max-height:24rem;background:var(--tint);padding:.75rem;font:.8rem/1.45 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",Consolas,monospace;white-space:pre}
.receipt{margin:1.25rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:0;font-size:.875rem}
dt{color:var(--soft)}
dd{margin:0}
@media print{
:root{--ink:#000;--soft:#444;--paper:#fff;--line:#bbb;--tint:#f4f4f4;--link:#000;--warn:#000;--warn-tint:#f4f4f4}
body{max-width:none;padding:0;font-size:10.5pt}
h2,h3,caption{break-after:avoid}
figure,.caution,tr{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
table{font-size:8.5pt}
th,td{padding:.2rem .4rem}
.wide td{overflow-wrap:anywhere}
.long{min-width:0}
pre{max-height:none;white-space:pre-wrap;overflow-wrap:anywhere}
}
`;
