/* Paths of optimizers over contours: one slider moves along all of them. */
'use strict';
(function () {
  const LINES = ['#4e79a7', '#f28e2b', '#59a14f', '#e15759', '#b07aa1', '#9c755f', '#5fb3ac'];
  const data = JSON.parse(document.getElementById('paths').textContent);
  const charts = [];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  function short(v) {
    if (v === null || v === undefined) return '–';
    const a = Math.abs(v);
    if (a !== 0 && (a >= 1e6 || a < 1e-3)) return Number(v.toPrecision(3)).toExponential().replace('e+', 'e').replace(/-/g, '−');
    return String(Number(v.toPrecision(4))).replace('-', '−');
  }

  function make(tag, attributes, ...children) {
    const e = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([k, v]) => e.setAttribute(k, v));
    e.append(...children);
    return e;
  }

  function chart(surface, at) {
    const box = make('div', { class: 'plot tall', role: 'img', 'aria-label': 'paths over ' + surface.name });
    const list = make('table', { class: 'now' });
    document.getElementById('grid').append(make('section', {}, make('h2', {}, surface.name), box, list));
    const c = echarts.init(box, null, { renderer: 'canvas' });
    const axis = (k) => ({ type: 'value', min: surface.lower[k], max: surface.upper[k], axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: colour('soft'), fontSize: 11, formatter: short } });
    const series = [{ type: 'lines', progressive: 0, coordinateSystem: 'cartesian2d', silent: true, data: surface.contours.map((s) => ({ coords: s })), lineStyle: { color: colour('soft'), width: .8, opacity: .55 }, z: 1 }];
    surface.paths.forEach((p, i) => series.push({ type: 'line', name: p.rule, data: p.points, color: LINES[i], symbol: 'none', lineStyle: { width: 1.8 }, clip: true, emphasis: { disabled: true }, z: 3 }));
    surface.paths.forEach((p, i) => series.push({ type: 'scatter', name: p.rule, data: [], color: LINES[i], symbolSize: 10, itemStyle: { borderColor: colour('paper'), borderWidth: 1.5 }, z: 4, clip: true }));
    series.push({ type: 'scatter', name: 'minimum', data: surface.minima, symbol: 'diamond', symbolSize: 11, color: colour('ink'), z: 5 });
    c.setOption({
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('ink') }, xAxis: axis(0), yAxis: axis(1), series: series,
      legend: { bottom: 0, data: surface.paths.map((p) => p.rule), icon: 'roundRect', itemWidth: 13, itemHeight: 7, textStyle: { color: colour('ink'), fontSize: 11 }, inactiveColor: colour('line') },
      tooltip: { trigger: 'item', confine: true, formatter: (p) => p.seriesName + '<br>' + short(p.value[0]) + ', ' + short(p.value[1]) }, grid: { left: 4, right: 10, top: 8, bottom: 44, containLabel: true }
    });
    charts.push({ chart: c, surface: surface, list: list });
  }

  function move(step) {
    document.getElementById('where').textContent = 'step ' + step + ' of ' + data.steps;
    for (const { chart, surface, list } of charts) {
      const at = (p) => Math.min(step, p.points.length - 1);
      const count = surface.paths.length;
      chart.setOption({ series: [{}, ...surface.paths.map((p) => ({ data: p.points.slice(0, at(p) + 1) })), ...surface.paths.map((p) => ({ data: [p.points[at(p)]] }))] });
      list.replaceChildren(...surface.paths.map((p) => make('tr', {}, make('th', { scope: 'row' }, p.rule + ', η = ' + short(p.eta)), make('td', {}, (at(p) < step ? 'left all numbers at step ' + at(p) : 'f = ' + short(p.values[at(p)]))))));
    }
    document.documentElement.dataset.step = String(step);
    document.documentElement.dataset.charts = String(charts.length);
  }

  const slider = make('input', { type: 'range', id: 'step', min: 0, max: data.steps, value: data.steps, 'aria-label': 'step' });
  const rates = make('table', {}, make('thead', {}, make('tr', {}, ...['rule', 'measured', 'closed form'].map((h) => make('th', { scope: 'col' }, h)))),
    make('tbody', {}, ...data.rates.map((r) => make('tr', {}, make('th', { scope: 'row' }, r.rule), make('td', { class: 'n' }, r.measured.toFixed(5)), make('td', { class: 'n' }, r.closed.toFixed(5))))));
  document.getElementById('lens').append(make('p', { class: 'kicker' }, 'Gradus · lens'), make('h1', {}, 'Paths over test functions'),
    make('div', { class: 'bar' }, make('label', { class: 'slide' }, 'step', slider, make('output', { id: 'where', for: 'step' }))),
    make('div', { class: 'grid', id: 'grid' }), make('h2', { class: 'part' }, 'Rates on the quadratic of condition ' + data.kappa),
    make('p', {}, 'By which factor a step shortens the distance from the minimum, each rule at its best settings: over steps 500 to 1000, beside the closed form. Momentum and Nesterov have a double root there, hence a factor t beside the power, which shows in the third decimal.'), rates);
  data.surfaces.forEach(chart);
  slider.addEventListener('input', () => move(Number(slider.value)));
  addEventListener('resize', () => charts.forEach((c) => c.chart.resize()));
  move(data.steps);
})();
