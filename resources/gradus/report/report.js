/* Draws the charts of a Gradus report: each .chart holds its data as JSON; ECharts does the rest. */
'use strict';
(function () {
  const LINES = ['#4e79a7', '#f28e2b', '#59a14f', '#e15759', '#b07aa1', '#9c755f', '#5fb3ac', '#d4a72c', '#ff8fa3', '#8c8c8c'];
  const MANY = 1500;
  const style = () => getComputedStyle(document.documentElement);
  const colour = (name) => style().getPropertyValue('--' + name).trim();
  const phone = (box) => box.clientWidth < 480;

  function short(v) {
    if (v === null || v === undefined || Number.isNaN(v)) return '–';
    const a = Math.abs(v);
    if (a !== 0 && (a >= 1e6 || a < 1e-3)) return Number(v.toPrecision(4)).toExponential().replace('e+', 'e').replace('-', '−');
    return String(Number(v.toPrecision(5))).replace('-', '−');
  }

  /* The label of a vertical axis stands level above it: nothing to turn the head for, and nothing that long tick labels could push out. */
  function axis(spec, vertical, more) {
    return Object.assign({
      type: spec.log ? 'log' : 'value', scale: true, min: spec.low ?? undefined, max: spec.high ?? undefined,
      name: spec.label, nameLocation: vertical ? 'end' : 'middle', nameGap: vertical ? 11 : 27,
      nameTextStyle: { color: colour('soft'), fontSize: 12, align: vertical ? 'left' : 'center', padding: vertical ? [0, 0, 0, -8] : 0 },
      axisLine: { show: !vertical, onZero: false, lineStyle: { color: colour('soft') } }, axisTick: { show: false },
      axisLabel: { color: colour('soft'), fontSize: 11, hideOverlap: true, formatter: short },
      splitLine: { lineStyle: { color: colour('line') } }, minorSplitLine: { show: spec.log, lineStyle: { color: colour('wash') } }
    }, more);
  }

  /* ECharts lets a logarithmic axis begin and end at powers of ten; 1, 2 and 5 times a power leave less of it empty. */
  function logEnds(spec, ends) {
    if (!spec.log || !(ends[0] > 0)) return {};
    const nice = (v, up) => {
      const power = Math.pow(10, Math.floor(Math.log10(v)));
      const steps = [1, 2, 5, 10].map((k) => Number((k * power).toPrecision(1)));
      return up ? steps.find((t) => t >= v * .999) : steps.reverse().find((t) => t <= v * 1.001);
    };
    return { min: spec.low ?? nice(ends[0], false), max: spec.high ?? nice(ends[1], true) };
  }

  function base(box, names) {
    const legend = names.filter((n) => n !== '');
    const shown = legend.length > 1 && !box.dataset.shared;
    // The legend takes as many lines as it needs; where that would be more than four, it turns pages.
    const rows = shown ? Math.ceil(legend.reduce((n, name) => n + 32 + 6.6 * name.length, 0) / (box.clientWidth - 20)) : 0;
    const foot = rows > 4 ? 22 : 20 * rows;
    return {
      foot: foot, animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('ink') },
      aria: { enabled: false },
      legend: shown ? {
        data: legend, type: rows > 4 ? 'scroll' : 'plain', bottom: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 8, itemGap: 12,
        textStyle: { color: colour('ink'), fontSize: 12 }, inactiveColor: colour('line'), pageTextStyle: { color: colour('soft') }, pageIconColor: colour('soft'), pageIconInactiveColor: colour('line')
      } : { show: false, data: legend },
      tooltip: { confine: true, backgroundColor: colour('paper'), borderColor: colour('line'), textStyle: { color: colour('ink'), fontSize: 12 }, extraCssText: 'font-variant-numeric: tabular-nums;' },
      toolbox: {
        show: !document.documentElement.classList.contains('printing'),
        right: 0, top: -6, itemSize: 13, iconStyle: { borderColor: colour('soft') },
        feature: { saveAsImage: { title: 'Save as picture', name: 'chart', pixelRatio: 2, backgroundColor: colour('paper'), excludeComponents: ['toolbox'] } }
      },
      grid: { left: 8, right: 14,   /* ECharts measures labels some pixels short */ top: 34, bottom: 32 + foot, containLabel: true }
    };
  }

  function extremes(series, at) {
    const all = series.flatMap((s) => s.data.map((p) => p[at])).filter((v) => v !== null && Number.isFinite(v));
    return all.length ? [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))] : [0, 1];
  }

  function line(spec, box) {
    const option = base(box, spec.series.map((s) => s.name));
    const xs = extremes(spec.series, 0);
    const whole = spec.series.every((s) => s.data.every((p) => Number.isInteger(p[0])));   // no epoch 1.5
    const follow = spec.x.log ? logEnds(spec.x, xs) : { min: spec.x.low ?? xs[0], max: spec.x.high ?? xs[1], minInterval: whole ? 1 : 0 };
    const levels = { data: spec.references.flatMap((r) => [r.ends[1], r.ends[3]]).filter((y) => y !== null).map((y) => [xs[0], y]) };
    option.xAxis = axis(spec.x, false, Object.assign({ splitLine: { show: false } }, follow));
    option.yAxis = axis(spec.y, true, logEnds(spec.y, extremes([...spec.series, levels].map((s) => ({ data: s.data.filter((p) => p[1] > 0) })), 1)));
    option.tooltip.trigger = 'axis';
    option.tooltip.axisPointer = { lineStyle: { color: colour('soft') }, label: { formatter: (p) => short(p.value) } };
    option.tooltip.valueFormatter = short;
    option.series = spec.series.map((s, i) => ({
      name: s.name, type: s.stroke === 'POINTS' ? 'scatter' : 'line',
      data: s.data.map((p) => [p[0], spec.y.log && !(p[1] > 0) ? null : p[1]]),
      color: LINES[i % LINES.length], symbol: 'circle', symbolSize: s.stroke === 'POINTS' ? 6 : 5, showSymbol: s.data.length <= 40,
      lineStyle: { width: s.data.length > 400 ? 1.2 : 2, type: s.stroke === 'DASHED' || i >= LINES.length ? 'dashed' : 'solid' },
      sampling: s.data.length > 4000 ? 'lttb' : undefined, connectNulls: false, emphasis: { disabled: true }
    }));
    if (spec.references.length) option.series.push(references(spec, levels.data));
    return option;
  }

  /* Reference lines hang on a series that is not seen, whose points keep them within the axes; an end that is null lies on the chart's edge. */
  function references(spec, levels) {
    const data = spec.references.map((r) => {
      const [x0, y0, x1, y1] = r.ends;
      if (x0 === null && x1 === null) return { yAxis: y0, name: r.label, label: { position: 'insideEndBottom' } };
      if (y0 === null && y1 === null) return { xAxis: x0, name: r.label, label: { position: 'insideStartTop' } };
      return [{ coord: [x0, y0], name: r.label }, { coord: [x1, y1] }];
    });
    return {
      type: 'line', name: '', data: levels, silent: true, symbol: 'none', lineStyle: { opacity: 0 }, tooltip: { show: false },
      markLine: {
        precision: -1, symbol: 'none', silent: true, animation: false, data: data, lineStyle: { color: colour('soft'), type: [5, 4], width: 1.3 },
        label: { formatter: '{b}', color: colour('soft'), fontSize: 11, position: 'insideEndTop', textBorderColor: colour('paper'), textBorderWidth: 3 }
      }
    };
  }

  /* Widens the axis with room to spare, so that a unit is as long on both. */
  function equalise(option, box, xs, ys, grid) {
    const w = Math.max(40, box.clientWidth - grid.left - grid.right), h = Math.max(40, box.clientHeight - grid.top - grid.bottom);
    const unit = Math.max((xs[1] - xs[0]) * 1.06 / w, (ys[1] - ys[0]) * 1.06 / h) || 1 / w;
    const ends = (e, pixels) => { const mid = (e[0] + e[1]) / 2, half = unit * pixels / 2; return { min: mid - half, max: mid + half }; };
    Object.assign(option.xAxis, ends(xs, w));
    Object.assign(option.yAxis, ends(ys, h));
    option.grid = Object.assign({ containLabel: false }, grid);
    return unit;
  }

  /* Where fingers scroll the page, a chart that follows them would be a trap. */
  function zoom() {
    const inside = { type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false };
    return matchMedia('(pointer: coarse)').matches ? [] : [Object.assign({ xAxisIndex: 0 }, inside), Object.assign({ yAxisIndex: 0 }, inside)];
  }

  function scatter(spec, box) {
    const many = spec.series.reduce((n, s) => n + s.data.length, 0);
    const option = base(box, spec.series.map((s) => s.name));
    const bare = spec.equal && !spec.x.label && !spec.y.label;
    const hidden = { axisLabel: { show: false }, splitLine: { show: false }, axisLine: { show: false } };
    let xs = extremes(spec.series, 0), ys = extremes(spec.series, 1);
    for (const a of spec.arrows) {
      xs = [Math.min(xs[0], a.ends[0], a.ends[2]), Math.max(xs[1], a.ends[0], a.ends[2])];
      ys = [Math.min(ys[0], a.ends[1], a.ends[3]), Math.max(ys[1], a.ends[1], a.ends[3])];
    }
    option.xAxis = axis(spec.x, false, bare ? hidden : {});
    option.yAxis = axis(spec.y, true, bare ? hidden : {});
    if (spec.equal) {
      const legend = 8 + option.foot;
      equalise(option, box, xs, ys, bare ? { left: 4, right: 4, top: 20, bottom: legend } : { left: 40, right: 14, top: 34, bottom: legend + 40 });
      if (!bare) {
        for (const a of [option.xAxis, option.yAxis]) Object.assign(a.axisLabel, { showMinLabel: false, showMaxLabel: false });
      }
    }
    const size = many > 5000 ? 2.6 : many > 800 ? 3.6 : many > 100 ? 5 : 8;
    option.tooltip.formatter = (p) => (p.seriesName && p.seriesName !== '\u0000' ? '<b>' + echarts.format.encodeHTML(p.seriesName) + '</b><br>' : '') + short(p.value[0]) + ', ' + short(p.value[1]);
    option.series = spec.series.map((s) => ({
      name: s.name || '\u0000', type: 'scatter', data: s.data, color: s.colour, symbolSize: phone(box) ? Math.max(2, size * .8) : size,
      itemStyle: { opacity: many > 800 ? .8 : .9 }, emphasis: { scale: 2 }
    }));
    if (bare && many > 50) option.dataZoom = zoom();
    if (spec.arrows.length) option.series.push(arrows(spec.arrows));
    return option;
  }

  function arrows(list) {
    return {
      type: 'scatter', name: '\u0000', data: [], silent: true,
      markLine: {
        precision: -1, silent: true, animation: false, symbolSize: 11, lineStyle: { color: colour('ink'), width: 2, type: 'solid' },
        label: { position: 'end', formatter: '{b}', color: colour('ink'), fontSize: 13, fontWeight: 600, distance: 12, textBorderColor: colour('paper'), textBorderWidth: 3 },
        data: list.map((a) => [{ coord: [a.ends[0], a.ends[1]], name: a.label, symbol: 'none' }, { coord: [a.ends[2], a.ends[3]], symbol: 'arrow' }])
      }
    };
  }

  function bars(spec, box) {
    const option = base(box, spec.series.map((s) => s.name));
    const crowded = spec.categories.join('').length * 7 > box.clientWidth * .85;
    option.xAxis = {
      type: 'category', data: spec.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: colour('soft') } },
      axisLabel: { color: colour('ink'), fontSize: 11, interval: spec.categories.length > 40 ? 'auto' : 0, rotate: crowded ? 35 : 0 }
    };
    option.yAxis = axis(spec.y, true, { scale: false });
    option.tooltip.trigger = 'axis';
    option.tooltip.axisPointer = { type: 'shadow' };
    option.tooltip.valueFormatter = short;
    option.series = spec.series.map((s, i) => ({ name: s.name, type: 'bar', data: s.data, color: LINES[i % LINES.length], barMaxWidth: 44, barGap: '8%', itemStyle: { borderRadius: [2, 2, 0, 0] } }));
    return option;
  }

  function heat(spec, box) {
    const option = base(box, []);
    const cells = spec.data.flatMap((row, i) => row.map((v, j) => [j, i, v]));
    const values = cells.map((c) => c[2]).filter((v) => v !== null);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity), high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const names = (data, label, gap) => ({ type: 'category', data: data, name: label, nameLocation: 'middle', nameGap: gap, nameTextStyle: { color: colour('soft') }, axisLabel: { color: colour('soft'), fontSize: 11 }, axisTick: { show: false }, axisLine: { show: false } });
    option.xAxis = names(spec.columns, spec.columnLabel, 28);
    option.yAxis = Object.assign(names(spec.rows, spec.rowLabel, 20 + 6 * Math.max(...spec.rows.map((r) => r.length))), { inverse: true });
    option.grid.bottom = 74;
    option.visualMap = { min: low, max: high, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 12, itemHeight: 160, text: [short(high), short(low)], textStyle: { color: colour('soft') }, inRange: { color: ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'] } };
    option.tooltip.formatter = (p) => echarts.format.encodeHTML(spec.rows[p.value[1]] + ' · ' + spec.columns[p.value[0]]) + '<br><b>' + short(p.value[2]) + '</b>';
    option.series = [{ type: 'heatmap', data: cells, progressive: 0 }];
    return option;
  }

  function thumbnails(spec, box) {
    const option = base(box, spec.series.map((s) => s.name));
    const xs = extremes(spec.series, 0), ys = extremes(spec.series, 1);
    const hidden = { axisLabel: { show: false }, splitLine: { show: false }, axisLine: { show: false } };
    option.xAxis = axis({ label: '', log: false, low: null, high: null }, false, hidden);
    option.yAxis = axis({ label: '', log: false, low: null, high: null }, false, hidden);
    spec.unit = equalise(option, box, xs, ys, { left: 14, right: 14, top: 24, bottom: 20 + option.foot });
    const count = spec.series.reduce((n, s) => n + s.data.length, 0);
    const size = Math.max(9, Math.min(36, Math.sqrt(box.clientWidth * box.clientHeight / Math.max(1, count)) * .82));
    const labels = spec.series.every((s) => s.name.length <= 2);
    option.dataZoom = zoom();
    option.tooltip.formatter = (p) => '<b>' + echarts.format.encodeHTML(p.seriesName) + '</b><br>image ' + p.value[2];
    option.series = spec.series.map((s) => ({
      name: s.name, type: 'custom', data: s.data, color: s.colour, encode: { x: 0, y: 1 }, clip: true,
      renderItem: (params, api) => {
        const [x, y] = api.coord([api.value(0), api.value(1)]), i = api.value(2);
        const zoom = api.size([1, 1])[0] * spec.unit;
        const wide = size * Math.min(3, Math.sqrt(zoom)), high = wide * spec.tileHeight / spec.tileWidth;
        const image = {
          type: 'image', style: {
            image: spec.image, x: x - wide / 2, y: y - high / 2, width: wide, height: high,
            sx: i % spec.perRow * spec.tileWidth, sy: Math.floor(i / spec.perRow) * spec.tileHeight, sWidth: spec.tileWidth, sHeight: spec.tileHeight
          }
        };
        if (!labels && zoom < 2.5) return image;
        const text = { x: x, y: y + high / 2, text: s.name, fill: s.colour, stroke: colour('paper'), lineWidth: 2, fontSize: Math.max(9, Math.min(12, wide * .36)), fontWeight: 600, align: 'center', verticalAlign: 'top' };
        return { type: 'group', children: [image, { type: 'text', style: text }] };
      }
    }));
    return option;
  }

  const KINDS = { line: line, scatter: scatter, bars: bars, heat: heat, thumbnails: thumbnails };
  const charts = [];

  function draw(entry) {
    const option = KINDS[entry.spec.kind](entry.spec, entry.box);
    delete option.foot;
    entry.chart.setOption(option, true);
  }

  function start(box) {
    const spec = JSON.parse(box.querySelector('script').textContent);
    const points = (spec.series || []).reduce((n, s) => n + s.data.length, 0);
    const svg = spec.kind !== 'thumbnails' && spec.kind !== 'heat' && points <= MANY;
    const entry = { box: box, spec: spec };
    const begin = () => {
      entry.chart = echarts.init(box, null, { renderer: svg ? 'svg' : 'canvas' });
      charts.push(entry);
      draw(entry);
      document.documentElement.dataset.charts = String(charts.length);
    };
    if (spec.kind !== 'thumbnails') return begin();
    spec.image = new Image();
    spec.image.onload = begin;
    spec.image.src = spec.sprites;
  }

  const boxes = document.querySelectorAll('.chart');
  boxes.forEach(start);

  let waiting = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => charts.forEach((c) => { c.chart.resize(); draw(c); }));
  }).observe(document.querySelector('main'));
  document.querySelectorAll('.legend button').forEach((button) => button.addEventListener('click', () => {
    const shown = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(shown));
    charts.filter((c) => c.box.closest('figure') === button.closest('figure')).forEach((c) =>
      c.chart.dispatchAction({ type: shown ? 'legendSelect' : 'legendUnSelect', name: button.textContent }));
  }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(draw));

  const closed = [];
  const redraw = () => charts.forEach((c) => { c.chart.resize(); draw(c); });
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printing');
    document.querySelectorAll('details:not([open])').forEach((d) => { d.open = true; closed.push(d); });
    redraw();
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    closed.splice(0).forEach((d) => { d.open = false; });
    redraw();
  });
})();
