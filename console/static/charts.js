/* Draws what <div class="chart" data-chart="….json"> names. Names are hostile: all of it is drawn
   on a canvas, tooltips too, and nothing becomes a part of the page. */
"use strict";

const drawn = new Map();
const dark = matchMedia("(prefers-color-scheme: dark)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The colours of the sheet, as they are at this moment. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: named("ink"), soft: named("soft"), line: named("line"), card: named("card"),
    accent: named("accent"), usual: named("well"), font: style.fontFamily,
  };
}

/** What all charts have in common. */
function frame(colour) {
  return {
    animation: !calm.matches,
    animationDuration: 300,
    textStyle: { fontFamily: colour.font, color: colour.ink },
    tooltip: {
      renderMode: "richText", confine: true,
      backgroundColor: colour.card, borderColor: colour.line,
      textStyle: { color: colour.ink, fontFamily: colour.font, fontSize: 13 },
    },
  };
}

/** Bars against a line of what is usual. */
function bars(data, colour) {
  const axis = { axisLine: { lineStyle: { color: colour.line } }, axisTick: { show: false }, axisLabel: { color: colour.soft } };
  const options = frame(colour);
  options.tooltip.trigger = "axis";
  return {
    ...options,
    grid: { left: 4, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, textStyle: { color: colour.soft }, itemWidth: 14, itemHeight: 10 },
    xAxis: { type: "category", data: data.labels, ...axis },
    yAxis: { type: "value", minInterval: 1, ...axis, splitLine: { lineStyle: { color: colour.line } } },
    series: [
      { type: "bar", name: data.bars.name, data: data.bars.values, barMaxWidth: 26, itemStyle: { color: colour.accent, borderRadius: [3, 3, 0, 0] } },
      { type: "line", name: data.line.name, data: data.line.values, symbol: "circle", symbolSize: 4, showSymbol: data.labels.length < 40, connectNulls: false, lineStyle: { color: colour.usual, width: 2, type: "dashed" }, itemStyle: { color: colour.usual } },
    ],
  };
}

/** Who turns to whom: the more, the larger and the thicker; names of the few with the most. */
function circle(data, colour, width) {
  const most = Math.max(1, ...data.people.map((who) => who.weight));
  const strongest = Math.max(1, ...data.ties.map((tie) => tie.weight));
  const named = [...data.people].sort((a, b) => b.weight - a.weight).slice(0, width < 520 ? 24 : 60);
  const least = named.length ? named[named.length - 1].weight : 0;
  const options = frame(colour);
  options.tooltip.formatter = (at) =>
    at.dataType === "edge"
      ? `${plain(data.people[at.data.from].name)} → ${plain(data.people[at.data.to].name)}  ${at.data.weight}`
      : `${plain(at.data.full)}  ${at.data.weight}`;
  return {
    ...options,
    series: [{
      // In a ring: it fits whatever there is, and names stand side by side around it.
      type: "graph", layout: "circular", circular: { rotateLabel: true }, roam: false, draggable: false,
      left: 74, right: 74, top: 74, bottom: 74,
      edgeSymbol: ["none", "arrow"], edgeSymbolSize: 6,
      emphasis: { focus: "adjacency" },
      lineStyle: { color: colour.soft, opacity: 0.3, curveness: 0.25 },
      itemStyle: { color: colour.accent, borderColor: colour.card, borderWidth: 1 },
      data: data.people.map((who, place) => ({
        id: String(place), name: String(place), full: who.name, weight: who.weight,
        symbolSize: 5 + (width < 520 ? 9 : 15) * Math.sqrt(who.weight / most),
        label: { show: who.weight >= least, formatter: plain(who.name), color: colour.ink, fontSize: width < 520 ? 10 : 12, width: width < 520 ? 56 : 66, overflow: "truncate" },
      })),
      links: data.ties.map((tie) => ({
        source: String(tie.from), target: String(tie.to), from: tie.from, to: tie.to, weight: tie.weight,
        lineStyle: { width: 0.8 + 5 * Math.sqrt(tie.weight / strongest) },
      })),
    }],
  };
}

/** Braces mean something to ECharts' rich text. */
const plain = (name) => name.replaceAll("{", "（").replaceAll("}", "）");

const KINDS = { bars, circle };

/** Draw anew with the data at hand. */
function paint(place) {
  const { chart, data } = drawn.get(place);
  if (data) chart.setOption(KINDS[data.kind](data, colours(), place.clientWidth), true);
}

/** Ask for the data; what is the same already is left as it is. */
async function ask(place) {
  const known = drawn.get(place);
  try {
    const answer = await fetch(place.dataset.chart, { headers: { "x-chart": "1" } });
    if (!answer.ok) return;
    const text = await answer.text();
    if (text === known.text) return;
    known.text = text;
    known.data = JSON.parse(text);
    paint(place);
  } catch {
    /* The numbers beneath it are there in any case; htmx says that Weilu cannot be reached. */
  }
}

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.chart.resize();
});

function begin() {
  for (const place of document.querySelectorAll(".chart[data-chart]")) {
    if (drawn.has(place)) continue;
    drawn.set(place, { chart: echarts.init(place), data: null, text: "" });
    sized.observe(place);
    ask(place);
  }
}

document.addEventListener("DOMContentLoaded", begin);
dark.addEventListener("change", () => [...drawn.keys()].forEach(paint));

/** Once the figures of the page have changed, so have its charts. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.closest?.("[data-redraw]") || event.detail.elt?.dataset?.redraw !== undefined) {
    [...drawn.keys()].forEach(ask);
  }
});
