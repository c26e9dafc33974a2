/* The control chart, drawn as the field draws it: centre line and limits (stepped where n varies), zones at one and two
   standard errors, phases with their names, violations ringed and named, weeks without data as gaps.
   Colours come from the style sheet; the picture is drawn anew when the theme changes. Until then, and on paper, the
   server's SVG stands in its place. */
"use strict";

(() => {
  const MANY = 400; // points above which single dots would only smear the line
  const FONT = getComputedStyle(document.body).fontFamily;

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["surface", "line", "line-control", "ink", "ink-soft", "ink-faint", "series", "series-limit", "broken", "accent"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  function writer(chart) {
    const language = document.documentElement.lang;
    const share = chart.kind.startsWith("p") && chart.unit !== "%";
    const format = new Intl.NumberFormat(language, share ? { minimumFractionDigits: 1, maximumFractionDigits: 1 } : { maximumSignificantDigits: 4 });
    const written = (value) => (share ? `${format.format(100 * value)}\u00a0%` : format.format(value));
    return (value) => (value === null || value === undefined ? "–" : written(value));
  }

  // A line that holds its value over the whole width of each point and breaks where there is none or a phase begins:
  // [x, y] pairs, [x, null] lifts the pen. Equal neighbours are one stretch.
  function stretches(chart, value) {
    const starts = new Set(chart.phases.map((phase) => phase.start));
    const path = [];
    let before = null;
    chart.points.forEach((point, x) => {
      const y = value(point, x) ?? null;
      if (y !== null && y === before && !starts.has(x)) {
        path[path.length - 1] = [x + 0.5, y];
      } else if (y !== null) {
        if (starts.has(x) || before === null) path.push([x - 0.5, null]);
        path.push([x - 0.5, y], [x + 0.5, y]);
      }
      before = y;
    });
    return path;
  }

  // The value that lies `share` of the way from the centre to the upper limit; below the lower limit there is none.
  function zone(chart, share) {
    return (point, x) => {
      const centre = chart.centre[x];
      if (centre == null || point.ucl == null) return null;
      const y = centre + share * (point.ucl - centre);
      return share < 0 && point.lcl != null && y < point.lcl ? null : y;
    };
  }

  function held(name, data, colour, type, width, label) {
    return {
      name, data, type: "line", symbol: "none", silent: true, z: 2, connectNulls: false,
      lineStyle: { color: colour, width, type, join: "miter" },
      endLabel: label ? { show: true, formatter: label, color: colour, fontFamily: FONT, fontSize: 11, distance: 6 } : { show: false },
    };
  }

  function tooltip(chart, words, write) {
    return (items) => {
      const x = Math.round(items[0].axisValue);
      const point = chart.points[x];
      if (!point) return "";
      const rows = [`{head|${point.label}}`];
      rows.push(point.value === null ? words.gap : `${words.value}  {strong|${write(point.value)}${chart.share ? "" : ` ${chart.unit}`}}`);
      if (point.n != null) rows.push(`${words.n} = ${write.count(point.n)}`);
      rows.push(`${words.ucl}  ${write(point.ucl)}`, `${words.centre}  ${write(chart.centre[x])}`, `${words.lcl}  ${write(point.lcl)}`);
      for (const violation of point.violations) rows.push(`{bad|${violation}}`);
      return rows.join("\n");
    };
  }

  function phaseMarks(chart, c) {
    return chart.phases.map((phase, number) => ({
      xAxis: phase.start - 0.5,
      lineStyle: { color: c["line-control"], type: [2, 3], width: number === 0 ? 0 : 1 },
      label: { formatter: phase.label, position: "end", align: "left", color: c["ink-soft"], fontFamily: FONT, fontSize: 12, distance: [4, 6] },
    }));
  }

  function options(chart, words, narrow) {
    const c = colours();
    const write = writer(chart);
    write.count = (value) => new Intl.NumberFormat(document.documentElement.lang).format(value);
    chart.share = chart.kind.startsWith("p") && chart.unit !== "%";
    const count = chart.points.length;
    const last = chart.points.findLastIndex((point) => point.ucl != null);
    const named = (word, value) => (narrow || last < 0 ? "" : `${word} ${write(value)}`);
    const values = chart.points.map((point, x) => [x, point.value]);
    const marked = values.filter(([x, value]) => value !== null && chart.points[x].violations.length);
    // Among very many points the limits step back, or they would hide the values.
    const limit = count > MANY ? { type: "solid", width: 0.5 } : { type: [5, 4], width: 1.25 };
    const zones = count <= MANY ? [1 / 3, 2 / 3, -1 / 3, -2 / 3] : [];
    const axis = { axisLine: { lineStyle: { color: c["line-control"] } }, axisLabel: { color: c["ink-faint"], fontFamily: FONT, fontSize: 12 } };
    return {
      animation: false,
      textStyle: { fontFamily: FONT },
      grid: { left: 56, right: narrow ? 12 : 96, top: 34, bottom: count > MANY ? 68 : 32 },
      xAxis: {
        type: "value", min: -0.5, max: count - 0.5, minInterval: 1, splitLine: { show: false }, ...axis,
        axisTick: { show: false },
        axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: (x) => (Number.isInteger(x) ? chart.points[x]?.label ?? "" : "") },
        axisPointer: { show: true, snap: true, triggerTooltip: false, label: { show: false }, lineStyle: { color: c["line-control"] } },
      },
      yAxis: {
        type: "value", scale: true, ...axis, axisLine: { show: false }, axisTick: { show: false },
        splitLine: { lineStyle: { color: c.line } }, axisLabel: { ...axis.axisLabel, formatter: write },
      },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, formatter: tooltip(chart, words, write),
        backgroundColor: c.surface, borderColor: c["line-control"], borderWidth: 1, padding: [8, 12],
        textStyle: {
          color: c["ink-soft"], fontFamily: FONT, fontSize: 12, lineHeight: 18,
          rich: { head: { color: c.ink, fontWeight: 600, fontSize: 12, lineHeight: 20 }, strong: { color: c.ink, fontWeight: 600, fontSize: 13 }, bad: { color: c.broken, fontWeight: 600, fontSize: 12, lineHeight: 18 } },
        },
      },
      dataZoom: count > MANY ? [{ type: "slider", height: 20, bottom: 8, borderColor: c.line, fillerColor: "transparent", showDetail: false, moveHandleSize: 5, handleStyle: { color: c.surface, borderColor: c["line-control"] }, moveHandleStyle: { color: c["line-control"] }, dataBackground: { lineStyle: { color: c["line-control"] }, areaStyle: { color: c.line } }, selectedDataBackground: { lineStyle: { color: c.series }, areaStyle: { color: c.line } } }] : [],
      series: [
        ...zones.map((share) => held("", stretches(chart, zone(chart, share)), c.line, [1, 3], 1, "")),
        held(words.ucl, stretches(chart, (point) => point.ucl), c["series-limit"], limit.type, limit.width, named("UCL", chart.points[last]?.ucl)),
        held(words.lcl, stretches(chart, (point) => point.lcl), c["series-limit"], limit.type, limit.width, named("LCL", chart.points[last]?.lcl)),
        held(words.centre, stretches(chart, (_point, x) => chart.centre[x]), c.series, "solid", 1, named("CL", chart.centre[last])),
        {
          name: words.value, type: "line", data: values, connectNulls: false, z: 3,
          symbol: "circle", symbolSize: 5, showSymbol: count <= MANY,
          lineStyle: { color: c.series, width: count > MANY ? 1 : 1.75 }, itemStyle: { color: c.series },
          markLine: { silent: true, symbol: "none", data: phaseMarks(chart, c) },
        },
        {
          name: words.violations, type: "scatter", data: marked, z: 4, symbol: "circle", symbolSize: 12,
          itemStyle: { color: "transparent", borderColor: c.broken, borderWidth: 2 },
        },
      ],
    };
  }

  // A form beside the chart that asks for a day takes that of the point that is clicked.
  function pick(figure, chart, drawing) {
    drawing.getZr().on("click", (event) => {
      const form = document.querySelector(`form[data-picks="${figure.id}"]`);
      const point = chart.points[Math.round(drawing.convertFromPixel({ xAxisIndex: 0 }, event.offsetX))];
      const day = form?.querySelector("input[type=date]");
      if (!day || !point?.day || !drawing.containPixel("grid", [event.offsetX, event.offsetY])) return;
      form.closest("details").open = true;
      day.value = point.day;
      day.dispatchEvent(new Event("change", { bubbles: true }));
      day.scrollIntoView({ block: "nearest" });
    });
  }

  function fill(chart) {
    // Panels may leave out what they do not have.
    chart.phases ??= [];
    chart.centre ??= [];
    for (const point of chart.points) point.violations ??= [];
    return chart;
  }

  window.baton.drawers.controlChart = (figure) => {
    const begun = performance.now();
    const chart = fill(JSON.parse(document.getElementById(figure.dataset.controlChart).textContent));
    const words = JSON.parse(document.getElementById(`${figure.dataset.controlChart}-words`).textContent);
    const place = figure.querySelector(".chart-picture");
    const canvas = document.createElement("div");
    canvas.className = "chart-canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", chart.title);
    place.append(canvas);
    place.classList.add("drawn");
    const drawing = window.echarts.init(canvas, null, { renderer: "canvas" });
    const narrow = () => canvas.clientWidth < 560;
    const draw = () => drawing.setOption(options(chart, words, narrow()), true);
    draw();
    pick(figure, chart, drawing);
    performance.measure("baton:chart", { start: begun, end: performance.now() });
    figure.dataset.ready = "yes";
    document.addEventListener("baton:theme", draw);
    let wasNarrow = narrow();
    new ResizeObserver(() => {
      drawing.resize();
      if (narrow() !== wasNarrow) {
        wasNarrow = narrow();
        draw();
      }
    }).observe(canvas);
  };
})();
