// Charts in the house's style on uPlot: bands, masks, drag to zoom, and colours that follow the theme.

const charts = new Set();

// Returns the colours of the page as they are now; canvases do not read style sheets.
export function ink() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["ink", "soft", "rule", "ground", "blue", "green", "orange", "purple", "mask"].map((name) => [name, colour(name)]),
  );
}

// Returns a colour with an opacity, for bands; colours of the page are #rrggbb.
export function faint(colour, opacity = 0.2) {
  const byte = Math.round(opacity * 255).toString(16).padStart(2, "0");
  return `${colour}${byte}`;
}

function axes(labels, compact) {
  return labels.map((label, number) => ({
    label: compact ? null : label,
    stroke: () => ink().soft,
    font: compact ? "11px sans-serif" : "12px sans-serif",
    labelFont: "12px sans-serif",
    size: number === 0 ? (compact ? 24 : 42) : compact ? 42 : 62,
    labelSize: 20,
    space: compact ? (number === 0 ? 45 : 28) : number === 0 ? 50 : 30,
    grid: { stroke: () => ink().rule, width: 0.5 },
    ticks: { stroke: () => ink().rule, width: 0.5, size: compact ? 4 : 10 },
  }));
}

// Returns a uPlot in `place`. `series` are {label, stroke: name of a colour, width, dash, points}; `bands` are pairs of
// numbers of series [upper, lower] with a colour. `drawn` is called with the chart after its grid, to shade behind
// lines; `zoomed` with [min, max] when a person has dragged, or null for a double click. The chart follows the size of
// its place and the theme, and is described to those who cannot see it by `description`. A `compact` chart is one of
// many: its axes are narrow and have no labels, so the page says what they are. `more` reaches into uPlot: `scales`,
// `cursor` and `hooks` are added to ours, `axes` is a function from our axes to those that are drawn.
export function chart(place, { labels, series, bands = [], data, height = 260, drawn, zoomed, description, legend = true, compact = false, more = {} }) {
  const options = {
    width: Math.max(200, place.clientWidth),
    height,
    axes: more.axes ? more.axes(axes(labels, compact)) : axes(labels, compact),
    ...(compact ? { padding: [6, 8, 0, 0], pxAlign: 0 } : {}),
    scales: { x: { time: false }, ...(more.scales || {}) },
    legend: { show: legend, live: legend },
    cursor: { drag: { x: true, y: false, setScale: !zoomed }, ...(more.cursor || {}) },
    series: [
      { label: labels[0] },
      ...series.map(({ stroke, ...rest }) => ({
        width: 1.5,
        points: { show: false },
        ...rest,
        stroke: typeof stroke === "function" ? stroke : () => ink()[stroke] || stroke,
      })),
    ],
    bands: bands.map(({ of, fill, opacity }) => ({ series: of, fill: () => faint(ink()[fill], opacity) })),
    hooks: {
      ...(more.hooks || {}),
      drawAxes: drawn ? [drawn] : [],
      setSelect: zoomed
        ? [
            (self) => {
              const { left, width } = self.select;
              if (width < 3) return;
              zoomed([self.posToVal(left, "x"), self.posToVal(left + width, "x")]);
              self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            },
          ]
        : [],
    },
  };
  const made = new uPlot(options, data, place);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", description);
  if (zoomed) made.over.addEventListener("dblclick", () => zoomed(null));
  new ResizeObserver(() => made.setSize({ width: Math.max(200, place.clientWidth), height })).observe(place);
  charts.add(made);
  return made;
}

document.addEventListener("theme", () => charts.forEach((made) => made.redraw(false, true)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  charts.forEach((made) => made.redraw(false, true)),
);
