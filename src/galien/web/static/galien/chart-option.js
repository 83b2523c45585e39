/* Makes a chart's option ready to draw, in the browser and on the server alike: the colours of the
   theme for token names, French number formats, tooltips. A classic script, so that both can read it. */
(function (root) {
  "use strict";
  const NARROW = "\u202f";

  function number(value, decimals) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    const [whole, part] = Math.abs(value).toFixed(decimals || 0).split(".");
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, NARROW) + (part ? "," + part : "");
    return (value < 0 && /[1-9]/.test(text) ? "\u2212" : "") + text;
  }

  function short(value) {
    return number(value, 1).replace(/,0$/, "");
  }

  function compact(value, unit, decimals) {
    if (unit === "%") return short(value * 100) + NARROW + "%";
    const size = Math.abs(value);
    const money = unit.charAt(0) === "€";
    const step = size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
    const figure = step[0] === 1 ? number(value, size < 10 ? decimals : 0) : short(value / step[0]);
    const sign = money ? step[1] + "€" : (step[1] + " " + unit).trim();
    return sign ? figure + NARROW + sign : figure;
  }

  function full(value, unit, decimals) {
    if (value === null || value === undefined) return "–";
    if (unit === "%") return number(value * 100, decimals || 1) + NARROW + "%";
    return number(value, decimals) + (unit ? NARROW + unit : "");
  }

  function formatter(mark) {
    const write = mark.$format === "compact" ? compact : full;
    return (value) => write(value, mark.unit, mark.decimals);
  }

  function change(ratio) {
    return (ratio > 0 ? "+" : "") + number(ratio * 100, 1) + NARROW + "%";
  }

  /* What a tooltip says: a heading and lines of [colour, label, figure]. */
  function lines(given, about) {
    const all = Array.isArray(given) ? given : [given];
    const first = all[0];
    const write = (value) => full(value, about.unit, about.decimals);
    if (about.kind === "scatter") {
      return [first.name, [
        ["", about.x, write(first.value[0])],
        ["", about.y, full(first.value[1], about.yUnit, about.yDecimals)],
      ]];
    }
    if (about.kind === "heatmap") return [about.rows[first.value[1]] + ", " + about.columns[first.value[0]], [["", "", write(first.value[2])]]];
    if (about.kind === "treemap") {
      const rows = [["", "", write(first.value)]];
      if (first.data && first.data.change !== undefined) rows.push(["", "Évolution", change(first.data.change)]);
      return [first.name, rows];
    }
    const rows = all.map((each) => [each.color, each.seriesName, write(each.value)]);
    const figure = (label) => (all.find((each) => each.seriesName === label) || {}).value;
    const now = figure(about.now);
    const before = figure(about.before);
    if (typeof now === "number" && before) rows.push(["", "Évolution", change((now - before) / Math.abs(before))]);
    return [first.name, rows];
  }

  function resolve(value, tokens, tip) {
    if (typeof value === "string") return value.startsWith("--") ? tokens[value] || value : value;
    if (Array.isArray(value)) return value.map((each) => resolve(each, tokens, tip));
    if (value && typeof value === "object") {
      if (value.$format) return formatter(value);
      if (value.$tip) return tip;
      const made = {};
      for (const name of Object.keys(value)) made[name] = resolve(value[name], tokens, tip);
      return made;
    }
    return value;
  }

  function prepare(option, tokens, tip) {
    const about = option.galien;
    if (about.kind === "heatmap") {
      about.rows = option.yAxis.data;
      about.columns = option.xAxis.data;
    }
    const made = resolve(option, tokens, tip ? (given) => tip(...lines(given, about)) : undefined);
    delete made.galien;
    return made;
  }

  root.galienChart = { prepare };
})(typeof globalThis !== "undefined" ? globalThis : this);
