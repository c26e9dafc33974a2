"""The style sheet of the report: light, dark, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #16202a; --soft: #4a5763; --faint: #5b6873; --line: #d6dde2; --ground: #f6f8f9;
  --sheet: #ffffff; --accent: #0b6e6e; --series: #0b6e6e; --limit: #8a5a00; --broken: #b3261e; --risk: #8a5a00;
  --kept: #23683b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf0; --soft: #b7c2ca; --faint: #98a5ae; --line: #34414b;
  --ground: #10171c; --sheet: #182127; --accent: #55c2bd; --series: #55c2bd; --limit: #e0ad5b; --broken: #ff8a80;
  --risk: #e0ad5b; --kept: #7fcf98; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans SC",
  "PingFang SC", "Microsoft YaHei", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { margin: 0 0 8px; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 32px 0 8px; font-size: 1.2rem; }
h3 { margin: 20px 0 4px; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: 4px 0; max-width: 72ch; }
.soft { color: var(--soft); font-size: 14px; }
.sheet { margin: 12px 0; padding: 12px 16px 16px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--sheet); }
.wrap { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
th[scope=row] { color: var(--ink); font-weight: 500; overflow-wrap: anywhere; min-width: 12ch; }
.num { text-align: right; white-space: nowrap; }
.state { white-space: nowrap; font-weight: 600; }
.broken { color: var(--broken); } .worse, .signal { color: var(--risk); } .calm { color: var(--kept); }
a { color: var(--accent); }
figure { margin: 12px 0 0; }
figcaption { font-weight: 600; font-size: 14px; }
figcaption span { color: var(--faint); font-weight: 400; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; padding: 4px 0; }
.picture { display: block; width: 100%; min-width: 640px; height: auto; }
.picture text { fill: var(--faint); font-size: 12px; }
.picture .grid path { stroke: var(--line); fill: none; }
.picture .line { fill: none; stroke: var(--series); stroke-width: 1.75; stroke-linejoin: round; }
.picture .centre { fill: none; stroke: var(--series); stroke-width: 1.25; opacity: .75; }
.picture .limit { fill: none; stroke: var(--limit); stroke-width: 1.25; stroke-dasharray: 5 4; }
.picture .point { fill: var(--series); }
.picture .violation circle { fill: none; stroke: var(--broken); stroke-width: 2; }
.picture .violation .point { fill: var(--broken); stroke: none; }
.picture .phases path { stroke: var(--faint); stroke-dasharray: 2 3; fill: none; }
.picture .phases text { fill: var(--soft); }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --faint: #444; --line: #bbb; --ground: #fff; --sheet: #fff;
    --accent: #000; --series: #0b6e6e; --limit: #8a5a00; --broken: #b3261e; --risk: #8a5a00; --kept: #23683b; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } table { font-size: 8.5pt; }
  .picture { min-width: 0; } .sheet { border: 0; padding: 0; } figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details { display: none; } @page { margin: 15mm; }
}
"""
