/* The lens: one slider through the steps of a training, and everything that a probe saw at each of them. */
'use strict';
(function () {
  const LINES = ['#4e79a7', '#f28e2b', '#59a14f', '#e15759', '#b07aa1', '#9c755f', '#5fb3ac', '#d4a72c', '#ff8fa3', '#8c8c8c'];
  const NAMES = {
    weight: ['weights w', 'before the step'], gradient: ['gradient g', 'of the batch, before any clipping'], update: ['update Δw', 'what the step adds'],
    mu: ['μ', 'running mean of the gradient, as kept'], nu: ['ν', 'running mean of its square, as kept'], muCorrected: ['μ / (1 − β₁ᵗ)', 'corrected for its start at 0'], nuCorrected: ['ν / (1 − β₂ᵗ)', 'corrected for its start at 0'],
    denominator: ['denominator', 'as the rule divides by it, ε included'], rate: ['effective learning rate', '|Δw| / |corrected μ|, or / |g|'], relative: ['|Δw| / |w|', 'element by element'],
    velocity: ['velocity v', 'as kept'], nuMax: ['largest ν', 'so far']
  };
  const models = [...document.querySelectorAll('script[type="application/json"]')].map((s) => JSON.parse(s.textContent));
  const state = { model: 0, parameter: 0, record: 0, logs: {} };
  const charts = [];
  const $ = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  function short(v) {
    if (v === null || v === undefined || Number.isNaN(v)) return '–';
    const a = Math.abs(v);
    if (a !== 0 && (a >= 1e6 || a < 1e-3)) return Number(v.toPrecision(3)).toExponential().replace('e+', 'e').replace(/-/g, '−');
    return String(Number(v.toPrecision(4))).replace('-', '−');
  }
  const title = (q) => (NAMES[q] || [q, ''])[0];
  const model = () => models[state.model];
  const arrays = () => model().arrays;
  const steps = () => arrays().step;
  const column = (name) => (arrays()[name] || []).map((row) => row[state.parameter]);
  const quantile = (q, i) => arrays()['quantiles/' + q].map((row) => row[state.parameter][i]);
  const quantities = () => Object.keys(arrays()).filter((k) => k.startsWith('norm/')).map((k) => k.slice(5));
  const has = (values) => values.some((v) => v !== null && v !== undefined);

  function make(tag, attributes, ...children) {
    const e = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([k, v]) => e.setAttribute(k, v));
    e.append(...children);
    return e;
  }

  function page() {
    const main = $('lens');
    const choose = (id, label, options) => make('label', {}, label, make('select', { id: id }, ...options.map((o, i) => make('option', { value: i }, o))));
    main.append(
      make('p', { class: 'kicker' }, 'Gradus · lens'), make('h1', {}, model().run),
      make('div', { class: 'bar' },
        choose('model', 'model', models.map((m) => m.model)), choose('parameter', 'parameter', []),
        make('span', { class: 'kicker', id: 'rule' }), make('output', { id: 'where', for: 'step' }),
        make('label', { class: 'slide' }, 'step', make('input', { type: 'range', id: 'step', min: 0, value: 0, step: 1, 'aria-label': 'step' }))),
      make('div', { class: 'grid', id: 'curves' }),
      make('h2', { class: 'part' }, 'Distributions at this step'),
      make('div', { class: 'grid small', id: 'spreads' }));
    $('model').addEventListener('change', (e) => { state.model = Number(e.target.value); begin(); });
    $('parameter').addEventListener('change', (e) => { state.parameter = Number(e.target.value); build(); });
    $('step').addEventListener('input', (e) => move(Number(e.target.value)));
    addEventListener('hashchange', fromAddress);
    addEventListener('resize', () => charts.forEach((c) => c.chart.resize()));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', build);
    begin();
    fromAddress();
  }

  /* lens.html#step=120 begins at that step, or at the last one recorded before it. */
  function fromAddress() {
    const wanted = /step=(\d+)/.exec(location.hash);
    if (wanted) move(Math.max(0, steps().filter((s) => s <= Number(wanted[1])).length - 1));
  }

  function begin() {
    $('parameter').replaceChildren(...model().parameters.map((p, i) => make('option', { value: i }, p.name + ' ' + p.shape)));
    state.parameter = 0;
    state.record = Math.min(state.record, steps().length - 1);
    $('step').max = steps().length - 1;
    build();
  }

  function axis(label, log, more) {
    return Object.assign({
      type: log ? 'log' : 'value', scale: true, name: label, nameLocation: 'end', nameGap: 9, nameTextStyle: { color: colour('soft'), fontSize: 11, align: 'left', padding: [0, 0, 0, -6] },
      axisLine: { show: false, onZero: false, lineStyle: { color: colour('soft') } }, axisTick: { show: false },
      axisLabel: { color: colour('soft'), fontSize: 11, hideOverlap: true, formatter: short }, splitLine: { lineStyle: { color: colour('line') } }
    }, more);
  }

  function frame(legend) {
    return {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('ink') },
      legend: legend ? { bottom: 0, icon: 'roundRect', itemWidth: 13, itemHeight: 7, itemGap: 10, textStyle: { color: colour('ink'), fontSize: 11 }, inactiveColor: colour('line'), type: 'scroll' } : { show: false },
      tooltip: { trigger: 'axis', confine: true, backgroundColor: colour('paper'), borderColor: colour('line'), textStyle: { color: colour('ink'), fontSize: 12 }, valueFormatter: short, axisPointer: { lineStyle: { color: colour('soft') } } },
      grid: { left: 8, right: 10, top: 26, bottom: legend ? 26 : 4, containLabel: true }
    };
  }

  const cursor = () => ({ silent: true, symbol: 'none', animation: false, label: { show: false }, lineStyle: { color: colour('ink'), width: 1, type: 'solid' }, data: [{ xAxis: steps()[state.record] }] });

  /* Ends of a logarithmic axis at 1, 2 or 5 times a power of ten: whole powers would leave much of it empty. */
  function logEnds(values) {
    const low = Math.min(...values), high = Math.max(...values);
    if (!values.length || !(low > 0)) return {};
    const nice = (v, up) => {
      const power = Math.pow(10, Math.floor(Math.log10(v))), all = [1, 2, 5, 10].map((k) => Number((k * power).toPrecision(1)));
      return up ? all.find((t) => t >= v * .999) : all.reverse().find((t) => t <= v * 1.001);
    };
    const ends = { min: nice(low, false), max: nice(high, true) };
    return ends.max > ends.min ? ends : { min: ends.min / 2, max: ends.max * 2 };
  }

  /* Adds a chart over steps. The first series carries the cursor that the slider moves. */
  function curves(id, head, text, unit, log, series, more) {
    const drawn = series.filter((s) => s && has(s.data.map((p) => p[1])));
    if (!drawn.length) return;
    const useLog = state.logs[id] ?? log;
    const box = make('div', { class: 'plot', id: id, role: 'img', 'aria-label': head + ' over the steps' });
    const tick = make('input', { type: 'checkbox' });
    tick.checked = useLog;
    tick.addEventListener('change', () => { state.logs[id] = tick.checked; build(); });
    $('curves').append(make('section', {}, make('label', { class: 'log' }, tick, 'log'), make('h2', {}, head), make('p', {}, text), box));
    const option = frame(drawn.length > 1);
    option.xAxis = axis('', false, { min: 0, max: steps().at(-1) || 1, splitLine: { show: false } });
    option.yAxis = axis(unit, useLog, useLog ? logEnds(drawn.flatMap((s) => s.data.map((p) => p[1])).filter((v) => v > 0)) : {});
    option.series = drawn.map((s, i) => Object.assign({
      type: 'line', color: LINES[i % LINES.length], symbol: 'none', connectNulls: false, emphasis: { disabled: true }, lineStyle: { width: 1.6 }, sampling: 'lttb'
    }, s, { data: s.data.map((p) => [p[0], p[1] === null || p[1] === undefined || useLog && !(p[1] > 0) ? null : p[1]]) }));
    option.series[0].markLine = cursor();
    Object.assign(option, more);
    show(box, option, (chart) => chart.setOption({ series: [{ markLine: cursor() }] }));
  }

  function show(box, option, onMove) {
    const chart = echarts.init(box, null, { renderer: 'canvas' });
    chart.setOption(option, true);
    charts.push({ chart: chart, onMove: onMove });
    chart.getZr().on('click', (e) => {
      if (!option.xAxis || box.dataset.spread) return;
      const at = chart.convertFromPixel({ xAxisIndex: 0 }, e.offsetX);
      let best = 0;
      steps().forEach((s, i) => { if (Math.abs(s - at) < Math.abs(steps()[best] - at)) best = i; });
      move(best);
    });
  }

  const over = (name, values, more) => ({ name: name, data: steps().map((s, i) => [s, values[i]]), ...more });

  function build() {
    charts.splice(0).forEach((c) => c.chart.dispose());
    $('curves').replaceChildren();
    $('spreads').replaceChildren();
    const m = model(), a = arrays(), p = m.parameters[state.parameter];
    $('rule').textContent = p.rule;
    $('curves').append(make('section', {}, make('h2', {}, 'At this step'), make('p', {}, 'Norms are of all elements, quantiles of a sample of at most ' + m.sample + '.'), make('table', { class: 'now', id: 'now' })));
    const costs = m.costs.map((c, i) => [i * m.costStride, c]);
    curves('loss', 'Loss', 'Of every batch, before its step.', '', true, [{ name: 'loss', data: costs, lineStyle: { width: 1 } }]);
    curves('step-loss', 'Along the step', 'How far the batch’s own loss falls: −gᵀΔw is promised to first order.' + (a['curvature/secondOrder'] ? ' To second order, + ½ΔwᵀHΔw.' : ''), '', false, [
      over('predicted', a.predicted.map((v) => v === null ? null : -v)), over('actual', a.cost.map((c, i) => a.costAfter[i] === null ? null : c - a.costAfter[i])),
      a['curvature/secondOrder'] && { name: 'second order', data: a['curvature/step'].map((s, i) => [s, a['curvature/secondOrder'][i] === null ? null : -a['curvature/secondOrder'][i]]) }]);
    if (a['curvature/eigenvalues']) {
      const at = a['curvature/step'];
      const k = a['curvature/eigenvalues'][0].length;
      curves('eigenvalues', 'Curvature', 'Largest eigenvalues of the Hessian against 2/η, where plain descent begins to diverge.', '', true, [
        ...Array.from({ length: k }, (_, j) => ({ name: 'λ' + '₁₂₃₄₅'[j], data: at.map((s, i) => [s, a['curvature/eigenvalues'][i][j]]) })),
        over('2/η', column('learningRate').map((eta) => 2 / eta), { lineStyle: { type: 'dashed', width: 1.4 }, color: '#8c8c8c' }),
        { name: 'along g', data: at.map((s, i) => [s, a['curvature/alongGradient'][i]]) }, { name: 'along Δw', data: at.map((s, i) => [s, a['curvature/alongUpdate'][i]]) }]);
      if (a['curvature/preconditioned'] && a['curvature/edge'].some((e) => e !== null)) {
        curves('edge', 'Stability edge', 'Largest eigenvalues of P⁻¹H against the threshold beyond which this rule diverges on a quadratic; P is what the rule divides by.', '', true, [
          ...Array.from({ length: k }, (_, j) => ({ name: 'λ' + '₁₂₃₄₅'[j] + ' of P⁻¹H', data: at.map((s, i) => [s, a['curvature/preconditioned'][i][j]]) })),
          { name: 'edge', data: at.map((s, i) => [s, a['curvature/edge'][i]]), lineStyle: { type: 'dashed', width: 1.4 }, color: '#8c8c8c' }]);
      }
      curves('trace', 'Trace of the Hessian', 'Hutch++, 30 products.', '', true, [{ name: 'trace', data: at.map((s, i) => [s, a['curvature/trace'][i]]) }]);
    }
    if (a['noise/scale']) {
      curves('noise', 'Gradient noise scale', 'tr Σ / |G|² from ' + m.noiseRows + ' rows: the batch size at which noise equals signal.', 'rows', true, [over('noise scale', a['noise/scale'])]);
      curves('signal', 'Signal to noise', 'Median over elements of |mean| / deviation of the rows’ gradients.', '', true, [over('median |ḡ|/σ', a['noise/medianSignal'])]);
    }
    curves('ratio', 'Update to weight', 'log₁₀(‖Δw‖/‖w‖) of every parameter; the chosen one is thick.', 'log₁₀', false, m.parameters.map((q, i) => over(q.name,
      a['norm/update'].map((row, r) => a['norm/weight'][r][i] > 0 && row[i] > 0 ? Math.log10(row[i] / a['norm/weight'][r][i]) : null), { lineStyle: { width: i === state.parameter ? 3 : 1.1 }, z: i === state.parameter ? 3 : 2 })));
    curves('rate', 'Effective learning rate', 'Quantiles over the elements of ' + p.name + ', and η.', '', true, [
      over('5 %', quantile('rate', 0), { lineStyle: { width: 1 } }), over('25 %', quantile('rate', 1), { lineStyle: { width: 1 } }), over('median', quantile('rate', 2), { lineStyle: { width: 2.4 } }),
      over('75 %', quantile('rate', 3), { lineStyle: { width: 1 } }), over('95 %', quantile('rate', 4), { lineStyle: { width: 1 } }), over('η', column('learningRate'), { lineStyle: { type: 'dashed', width: 1.4 }, color: '#8c8c8c' })]);
    curves('cosines', 'Directions', 'cos(g, Δw) is −1 for plain descent; cos of one update and the next is 1 on a straight path.', 'cos', false, [over('g and Δw', column('gradientUpdate')), over('Δw and the one before', column('successive'))]);
    curves('epsilon', 'Where ε rules', 'Share of elements whose denominator would be less than half without ε.', '', false, [over('share', column('epsilonRules'))]);
    curves('norms', 'Norms', 'Of ' + p.name + '.', '‖·‖', true, quantities().filter((q) => has(column('norm/' + q))).map((q) => over(title(q), column('norm/' + q))));
    quantities().filter((q) => has(a['histogram/' + q].map((row) => row[state.parameter][1]))).forEach(spread);
    move(state.record);
  }

  const edge = (bin) => Math.pow(2, Math.floor(bin / 2)) * (bin % 2 === 0 ? 1 : 1.4375);

  /* Share of the elements per decade of |x|, as a staircase: bins are not all as wide. */
  function stairs(q, record) {
    const [first, ...counts] = arrays()['histogram/' + q][record][state.parameter];
    const all = counts.reduce((s, c) => s + c, 0) || 1;
    const points = [];
    counts.forEach((c, i) => {
      const low = Math.log10(edge(first + i)), high = Math.log10(edge(first + i + 1)), height = c / all / (high - low);
      points.push([low, height], [high, height]);
    });
    if (points.length) { points.unshift([points[0][0], 0]); points.push([points.at(-1)[0], 0]); }
    return points;
  }

  function spread(q) {
    const box = make('div', { class: 'plot', 'data-spread': q, role: 'img', 'aria-label': 'distribution of ' + title(q) });
    $('spreads').append(make('section', {}, make('h2', {}, title(q)), make('p', {}, (NAMES[q] || ['', 'as the rule keeps or names it'])[1]), box));
    const all = arrays()['histogram/' + q].map((row) => row[state.parameter]).filter((h) => h.length > 1);
    const low = Math.log10(Math.min(...all.map((h) => edge(h[0])))), high = Math.log10(Math.max(...all.map((h) => edge(h[0] + h.length - 1))));
    const option = frame(false);
    // A linear axis of exponents: the chart library rounds values of a logarithmic one below 1e-14 to 0.
    const power = (v) => '10' + String(v).replace(/[-0-9]/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[d] || '⁻');
    option.grid.right = 18;
    option.tooltip.formatter = ([at]) => short(Math.pow(10, at.value[0])) + ': ' + short(at.value[1]) + ' a decade';
    option.xAxis = axis('', false, { min: Math.floor(low + 1e-9), max: Math.ceil(high - 1e-9), minInterval: 1, axisLabel: { color: colour('soft'), fontSize: 11, hideOverlap: true, formatter: power }, splitLine: { show: false } });
    option.yAxis = axis('share per decade', false, { min: 0, splitNumber: 3 });
    option.series = [{ type: 'line', name: title(q), color: LINES[0], symbol: 'none', lineStyle: { width: 1.2 }, areaStyle: { opacity: .25 }, emphasis: { disabled: true }, data: [] }];
    show(box, option, (chart) => chart.setOption({ series: [{ data: stairs(q, state.record) }] }));
  }

  function table() {
    const a = arrays(), r = state.record, p = state.parameter;
    const rows = [['loss', a.cost[r]], ['loss after the step', a.costAfter[r]], ['predicted decrease', a.predicted[r] === null ? null : -a.predicted[r]], ['actual decrease', a.cost[r] - a.costAfter[r]], ['η', a.learningRate[r][p]],
      ['cos(g, Δw)', a.gradientUpdate[r][p]], ['ε rules', a.epsilonRules[r][p]], ['‖g‖', a['norm/gradient'][r][p]], ['‖Δw‖', a['norm/update'][r][p]], ['‖Δw‖/‖w‖', a['norm/update'][r][p] / a['norm/weight'][r][p]],
      ['median effective η', a['quantiles/rate'][r][p][2]]];
    $('now').replaceChildren(...rows.filter((x) => x[1] !== null && !Number.isNaN(x[1])).map((x) => make('tr', {}, make('th', { scope: 'row' }, x[0]), make('td', {}, short(x[1])))));
  }

  function move(record) {
    state.record = record;
    $('step').value = record;
    const a = arrays();
    $('where').textContent = 'step ' + steps()[record] + ' · epoch ' + a.epoch[record] + ', batch ' + a.batch[record] + ' · loss ' + short(a.cost[record]);
    table();
    charts.forEach((c) => c.onMove(c.chart));
    document.documentElement.dataset.step = String(steps()[record]);
    document.documentElement.dataset.charts = String(charts.length);
  }

  page();
})();
