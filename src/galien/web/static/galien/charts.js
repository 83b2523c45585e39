/* Charts: draws what the server prepared, with the colours of the theme, again when it changes or when
   the page is printed. The library is fetched only by pages that have a chart. */
const drawn = new Map();
let library = null;

// The library writes style attributes, which the content policy refuses; the style object is allowed.
const setAttribute = SVGElement.prototype.setAttribute;
SVGElement.prototype.setAttribute = function set(name, value) {
  if (name === "style") this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

function fetchScript(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

function load() {
  const { echarts, chartOption } = document.body.dataset;
  library ??= Promise.all([fetchScript(echarts), fetchScript(chartOption)]);
  return library;
}

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const names = ["font", "ink", "ink-2", "ink-3", "card", "line", "line-2", "hover", "control", "accent", "prev", "prev-2", "tile-ink", "heat-0", "heat-1", "s1", "s2", "s3", "s4", "s5", "s6"];
  return Object.fromEntries(names.map((name) => [`--${name}`, style.getPropertyValue(`--${name}`).trim()]));
}

const make = (tag, text, parent) => {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  parent?.append(made);
  return made;
};

function tip(title, rows) {
  const box = Object.assign(make("div"), { className: "chart-tip" });
  make("strong", title, box);
  for (const [colour, label, figure] of rows) {
    const line = make("p", "", box);
    const name = make("span", "", line);
    if (colour) make("i", "", name).style.background = colour;
    name.append(label || "");
    make("b", figure, line);
  }
  return box;
}

function follow(params) {
  const href = params.data && params.data.href;
  if (href) location.assign(href);
}

function draw(box) {
  const option = JSON.parse(box.parentElement.querySelector("script[type='application/json']").textContent);
  const before = drawn.get(box);
  before?.dispose();
  box.replaceChildren();
  box.style.height = `${box.dataset.height}px`;
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(galienChart.prepare(option, tokens(), tip));
  chart.on("click", follow);
  drawn.set(box, chart);
}

const resize = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.resize();
});

function visible(box) {
  return !box.closest("details:not([open])");
}

async function start(root) {
  const boxes = [...root.querySelectorAll("[data-chart]")].filter((box) => visible(box) && !drawn.has(box));
  if (!boxes.length) return;
  try { await load(); } catch { return; }
  for (const box of boxes) {
    draw(box);
    resize.observe(box);
  }
}

function forget() {
  for (const [box, chart] of drawn) {
    if (!box.isConnected) {
      chart.dispose();
      resize.unobserve(box);
      drawn.delete(box);
    }
  }
}

function redraw() {
  for (const box of drawn.keys()) draw(box);
}

start(document);
document.addEventListener("htmx:afterSettle", () => { forget(); requestAnimationFrame(() => start(document)); });
document.addEventListener("toggle", (event) => { if (event.target.matches(".chart-card")) start(event.target); }, true);
document.addEventListener("galien:theme", redraw);

// Paper is white whatever the screen shows.
let chosen = null;
addEventListener("beforeprint", () => {
  chosen = document.documentElement.dataset.theme ?? "";
  document.documentElement.dataset.theme = "light";
  redraw();
});
addEventListener("afterprint", () => {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  redraw();
});
