// The script of the report page. Texts from the log go into the page as text nodes only.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const CLASSES = ['people', 'bots', 'hosting'];
  const ROWS = 10;
  const on = { people: true, bots: true, hosting: true };
  let search = '';
  const redraws = [];
  const main = document.getElementById('main');
  const number = new Intl.NumberFormat('en-GB');
  const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name === 'class') element.className = value;
      else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  function svg(tag, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    if (text !== undefined) element.textContent = text;
    return element;
  }
  function percent(part, whole) {
    if (whole === 0) return '–';
    const share = (part / whole) * 100;
    return share === 0 ? '0 %' : share < 0.1 ? '<0.1 %' : `${share < 9.95 ? share.toFixed(1) : Math.round(share)} %`;
  }
  function size(value) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
    let unit = 0;
    let scaled = value;
    while (scaled >= 999.5 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return `${unit === 0 || scaled >= 99.95 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
  }
  function duration(ms) {
    if (ms >= 60000) return `${(ms / 60000).toFixed(1)} min`;
    if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
    return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
  }
  const minute = (time) => time.slice(0, 16).replace('T', ' ');
  const windowText =
    data.window.from === null ? 'no requests' : `${minute(data.window.from)} – ${minute(data.window.to)} UTC`;

  function card(title, side, wide) {
    const element = make('section', { class: wide ? 'card wide' : 'card' });
    if (title) element.append(make('header', {}, make('h2', {}, title), make('span', {}, side ?? windowText)));
    main.append(element);
    return element;
  }
  function split(values, scale) {
    const bar = make('div', { class: 'split', 'aria-hidden': 'true' });
    for (const cls of CLASSES) {
      if (!on[cls] || values[cls] === 0) continue;
      const part = make('i', { class: cls });
      part.style.width = `${(values[cls] / scale) * 100}%`;
      bar.append(part);
    }
    return bar;
  }

  function askedFor() {
    const place = document.getElementById('window');
    place.textContent = windowText;
    const chips = make('div', { class: 'chips' });
    for (const text of data.asked.where) chips.append(make('span', { class: 'chip' }, text));
    if (data.asked.from !== null) chips.append(make('span', { class: 'chip' }, `from ${minute(data.asked.from)}`));
    if (data.asked.to !== null) chips.append(make('span', { class: 'chip' }, `to ${minute(data.asked.to)}`));
    const { outside_window: outside, filtered_out: filtered } = data.requests;
    const left = [];
    if (outside > 0) left.push(`${number.format(outside)} requests outside the window`);
    if (filtered > 0) left.push(`${number.format(filtered)} by the filters`);
    if (left.length > 0) chips.append(make('span', { class: 'note' }, `Left out: ${left.join(', ')}`));
    if (chips.childNodes.length > 0) place.after(chips);
  }

  function controls() {
    const bar = document.getElementById('bar');
    for (const cls of CLASSES) {
      const button = make(
        'button',
        {
          type: 'button',
          class: `toggle ${cls}`,
          'aria-pressed': 'true',
          onclick: () => {
            on[cls] = !on[cls];
            if (CLASSES.every((name) => !on[name])) for (const name of CLASSES) on[name] = true;
            for (const name of CLASSES) bar.querySelector(`.${name}`).setAttribute('aria-pressed', String(on[name]));
            redraw();
          },
        },
        make('i'),
        cls[0].toUpperCase() + cls.slice(1),
        make('small', {}, percent(data.requests[cls], data.requests.total)),
      );
      bar.append(button);
    }
    bar.append(
      make('input', {
        id: 'find',
        type: 'search',
        placeholder: 'Find in all lists',
        'aria-label': 'Find in all lists',
        oninput: (event) => {
          search = event.target.value.trim().toLowerCase();
          redraw();
        },
      }),
    );
  }
  function redraw() {
    for (const draw of redraws) draw();
  }

  function figures() {
    const grid = make('div', { class: 'figures wide' });
    main.append(grid);
    const sum = (values) => CLASSES.reduce((total, cls) => total + (on[cls] ? values[cls] : 0), 0);
    const errors = {};
    for (const cls of CLASSES) errors[cls] = data.client_errors[cls] + data.server_errors[cls];
    const tiles = [
      ['Requests', data.requests, (n) => number.format(n), (n) => (n >= 1e7 ? compact : number).format(n)],
      [
        data.visitors?.exact === false ? 'Visitors, about' : 'Visitors',
        data.visitors ?? { people: 0, bots: 0, hosting: 0 },
        (n) => (data.visitors ? number.format(n) : '–'),
      ],
      ['Sent', data.bytes, size],
      ['Errors (4xx, 5xx)', errors, (n, cls) => percent(n, cls ? data.requests[cls] : sum(data.requests))],
    ];
    redraws.push(() => {
      grid.replaceChildren(
        ...tiles.map(([title, values, show, big]) => {
          const list = make('dl');
          for (const cls of CLASSES) {
            if (on[cls]) list.append(make('dt', { class: cls }, cls), make('dd', {}, show(values[cls], cls)));
          }
          const total = sum(values);
          return make(
            'div',
            { class: 'card figure' },
            make('span', {}, title),
            make('b', {}, (big ?? show)(total)),
            split(values, Math.max(1, total)),
            list,
          );
        }),
      );
    });
  }

  function niceScale(most) {
    const raw = most / 4;
    const power = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
    const steps = power < 10 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
    const step = steps.map((n) => n * power).find((n) => n >= raw) ?? power * 10;
    return { step, top: Math.ceil(most / step) * step || 1 };
  }
  function stepText(time, exact) {
    const text = new Date(time).toISOString();
    if (data.step === 'month') return text.slice(0, 7);
    if (data.step === 'day') return text.slice(0, 10);
    return exact ? `${minute(text)} UTC` : text.slice(5, 16).replace('T', ' ');
  }

  function timeline() {
    if (data.points.length === 0) return;
    const box = card(`Requests by ${data.step}`, undefined, true);
    const holder = make('div', { class: 'chart' });
    const tip = make('div', { class: 'tip', hidden: '' });
    box.append(holder);
    let bins = [];
    let hover;
    const HEIGHT = 240;
    const LEFT = 48;
    const BOTTOM = 24;
    const draw = () => {
      const width = Math.max(260, holder.clientWidth);
      const room = width - LEFT;
      const per = Math.ceil(data.points.length / Math.floor(room / 3));
      bins = [];
      data.points.forEach((point, i) => {
        const bin = (bins[Math.floor(i / per)] ??= { time: point[0], people: 0, bots: 0, hosting: 0, errors: 0 });
        CLASSES.forEach((cls, k) => {
          bin[cls] += point[k + 1];
        });
        bin.errors += point[4];
      });
      const totals = bins.map((bin) => CLASSES.reduce((sum, cls) => sum + (on[cls] ? bin[cls] : 0), 0));
      const { step, top } = niceScale(Math.max(1, ...totals));
      const y = (value) => 8 + (HEIGHT - BOTTOM - 8) * (1 - value / top);
      const each = room / bins.length;
      const chart = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: 'img' });
      chart.setAttribute('aria-label', `Requests by ${data.step}, ${windowText}`);
      for (let value = 0; value <= top; value += step) {
        chart.append(svg('line', { class: 'grid', x1: LEFT, x2: width, y1: y(value), y2: y(value) }));
        chart.append(svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, compact.format(value)));
      }
      const paths = { people: '', bots: '', hosting: '' };
      const gap = each > 6 ? Math.min(3, each * 0.2) : 0;
      bins.forEach((bin, i) => {
        let base = 0;
        for (const cls of CLASSES) {
          if (!on[cls] || bin[cls] === 0) continue;
          const from = y(base);
          base += bin[cls];
          const height = Math.max(0.5, from - y(base));
          const x = LEFT + i * each + gap / 2;
          paths[cls] +=
            `M${x.toFixed(2)} ${from.toFixed(2)}v${(-height).toFixed(2)}h${(each - gap).toFixed(2)}v${height.toFixed(2)}z`;
        }
      });
      for (const cls of CLASSES) if (paths[cls]) chart.append(svg('path', { class: cls, d: paths[cls] }));
      const labels = Math.max(1, Math.min(bins.length, Math.floor(room / 110)));
      for (let k = 0; k < labels; k++) {
        const i = Math.floor(((k + 0.5) * bins.length) / labels);
        const x = LEFT + (i + 0.5) * each;
        chart.append(svg('text', { x, y: HEIGHT - 6, 'text-anchor': 'middle' }, stepText(bins[i].time, false)));
      }
      hover = svg('rect', {
        class: 'hover',
        x: 0,
        y: 8,
        width: each,
        height: HEIGHT - BOTTOM - 8,
        visibility: 'hidden',
      });
      chart.append(hover);
      holder.replaceChildren(chart, tip);
    };
    const leave = () => {
      tip.hidden = true;
      hover?.setAttribute('visibility', 'hidden');
    };
    holder.addEventListener('pointerleave', leave);
    holder.addEventListener('pointermove', (event) => {
      const frame = holder.getBoundingClientRect();
      const each = (frame.width - LEFT) / bins.length;
      const i = Math.floor((event.clientX - frame.left - LEFT) / each);
      const bin = bins[i];
      if (bin === undefined) return leave();
      hover.setAttribute('x', LEFT + i * each);
      hover.setAttribute('visibility', 'visible');
      const list = make('dl');
      for (const cls of CLASSES) {
        if (on[cls]) list.append(make('dt', { class: cls }, cls), make('dd', {}, number.format(bin[cls])));
      }
      list.append(make('dt', { class: 'plain' }, 'errors, all'), make('dd', {}, number.format(bin.errors)));
      const perBin = Math.ceil(data.points.length / bins.length);
      const span = perBin > 1 ? ` +${perBin} ${data.step}s` : '';
      tip.replaceChildren(make('strong', {}, stepText(bin.time, true) + span), list);
      tip.hidden = false;
      const x = event.clientX - frame.left;
      tip.style.left = `${x > frame.width / 2 ? x - tip.offsetWidth - 14 : x + 14}px`;
      tip.style.top = '12px';
    });
    redraws.push(draw);
    new ResizeObserver(draw).observe(holder);
  }

  function latency() {
    if (data.latency === null) return;
    const names = ['p50', 'p75', 'p90', 'p95', 'p99', 'max', 'mean'];
    const box = card('Latency', undefined, true);
    const table = make('table', { class: 'narrow' });
    const rare = new Set(['p75', 'p90', 'mean']);
    box.append(table);
    redraws.push(() => {
      const header = make('tr', {}, make('th', {}, 'Class'));
      for (const name of names) header.append(make('th', { class: rare.has(name) ? 'optional' : '' }, name));
      header.append(make('th', { class: 'optional' }, 'requests'));
      const rows = [...CLASSES.filter((cls) => on[cls]), 'all'].flatMap((cls) => {
        const values = data.latency[cls];
        if (values === null) return [];
        const row = make('tr', {}, make('td', {}, make('div', { class: 'key' }, cls)));
        for (const name of names) {
          row.append(make('td', { class: rare.has(name) ? 'optional' : '' }, duration(values[name])));
        }
        row.append(make('td', { class: 'optional' }, number.format(values.count)));
        return [row];
      });
      table.replaceChildren(make('thead', {}, header), make('tbody', {}, ...rows));
    });
  }

  const requestsOf = (row) => CLASSES.reduce((sum, cls, k) => sum + (on[cls] ? row[k + 1] : 0), 0);

  function listTable(list, columns) {
    const table = make('table');
    const more = make('button', { type: 'button', class: 'more' });
    const warning = make('p', { class: 'approximate' });
    if (!list.exact) {
      warning.textContent = `More than ${number.format(list.distinct)} different ones; the rarest are not held. Figures are at least what is shown, and one that is missing had at most ${number.format(list.missed)} requests.`;
    }
    let all = false;
    const draw = () => {
      const rows = list.rows
        .filter((row) => requestsOf(row) > 0 && (search === '' || row[0].toLowerCase().includes(search)))
        .sort((a, b) => requestsOf(b) - requestsOf(a));
      const shown = all ? rows : rows.slice(0, ROWS);
      const most = Math.max(1, ...shown.map(requestsOf));
      const whole = CLASSES.reduce((sum, cls) => sum + (on[cls] ? data.requests[cls] : 0), 0);
      const header = make('tr', {}, make('th', {}, list.of), make('th', {}, 'requests'), make('th', {}, 'share'));
      if (columns) for (const cls of CLASSES) if (on[cls]) header.append(make('th', { class: 'cls' }, cls));
      header.append(
        make('th', { class: 'optional', title: 'Answers of status 400 and above, of all classes' }, 'errors'),
      );
      const body = make('tbody');
      for (const row of shown) {
        const values = { people: row[1], bots: row[2], hosting: row[3] };
        const key = make('div', { class: 'key', title: row[0] }, row[0]);
        const requests = requestsOf(row);
        const line = make(
          'tr',
          {},
          make('td', {}, key, split(values, most)),
          make('td', {}, (row[6] > 0 ? '≥ ' : '') + number.format(requests)),
          make('td', {}, percent(requests, whole)),
        );
        if (columns)
          for (const cls of CLASSES) if (on[cls]) line.append(make('td', { class: 'cls' }, number.format(values[cls])));
        // Errors are of all classes: they are shown beside all requests.
        line.append(make('td', { class: 'optional' }, percent(row[5], row[1] + row[2] + row[3])));
        body.append(line);
      }
      if (shown.length === 0) body.append(make('tr', {}, make('td', { class: 'note' }, 'Nothing to show')));
      table.replaceChildren(make('thead', {}, header), body);
      more.hidden = rows.length <= ROWS;
      more.textContent = all
        ? 'Show fewer'
        : list.exact && rows.length === list.distinct
          ? `Show all ${number.format(rows.length)}`
          : `Show ${number.format(rows.length)} of ${list.exact ? '' : 'at least '}${number.format(list.distinct)}`;
      warning.hidden = list.exact;
    };
    more.addEventListener('click', () => {
      all = !all;
      draw();
    });
    redraws.push(draw);
    return [table, more, warning];
  }

  function worldMap(list) {
    const box = card('Where from', undefined, true);
    const world = document.getElementById('world').content.firstElementChild;
    const tip = make('div', { class: 'tip', hidden: '' });
    const scale = make('div', { class: 'scale' });
    const chart = make('div', { class: 'chart' }, world, tip);
    box.append(
      make('div', { class: 'map' }, make('figure', {}, chart, scale), make('div', {}, ...listTable(list, false))),
    );
    // Land without a code of its own is not where the unknown came from.
    const rows = new Map(list.rows.map((row) => [row[7] ?? row[0], row]).filter(([country]) => country !== ''));
    redraws.push(() => {
      const values = list.rows
        .filter((row) => row[7] !== '')
        .map(requestsOf)
        .filter((n) => n > 0);
      const most = Math.max(1, ...values);
      for (const path of world.children) {
        const row = rows.get(path.dataset.c);
        const requests = row === undefined ? 0 : requestsOf(row);
        path.classList.toggle('on', requests > 0);
        const level = most === 1 ? 1 : Math.log(requests) / Math.log(most);
        path.style.setProperty('--level', `${Math.round(18 + 82 * level)}%`);
      }
      scale.replaceChildren('1', make('i'), compact.format(most), make('span', {}, 'requests, logarithmic'));
    });
    chart.addEventListener('pointerleave', () => {
      tip.hidden = true;
    });
    chart.addEventListener('pointermove', (event) => {
      const row = rows.get(event.target.dataset?.c);
      tip.hidden = row === undefined || requestsOf(row) === 0;
      if (tip.hidden) return;
      const names = make('dl');
      CLASSES.forEach((cls, k) => {
        if (on[cls]) names.append(make('dt', { class: cls }, cls), make('dd', {}, number.format(row[k + 1])));
      });
      tip.replaceChildren(make('strong', {}, row[0]), names);
      const place = chart.getBoundingClientRect();
      const x = event.clientX - place.left;
      tip.style.left = `${x > place.width / 2 ? x - tip.offsetWidth - 14 : x + 14}px`;
      tip.style.top = `${Math.max(0, event.clientY - place.top - 40)}px`;
    });
  }

  function lists() {
    for (const list of data.lists) {
      if (list.name === 'countries') {
        if (list.rows.some((row) => row[7] !== '')) worldMap(list);
      } else card(list.title).append(...listTable(list, true));
    }
  }

  function files() {
    const { read, accepted, rejected, skipped } = data.lines;
    const box = card(
      'Log files',
      `${number.format(read)} lines read, ${number.format(accepted)} accepted, ${number.format(rejected)} rejected`,
      true,
    );
    const head = make('tr');
    for (const name of ['File', 'format', 'lines', 'rejected'])
      head.append(make('th', { class: name === 'format' ? 'optional' : '' }, name));
    const body = make('tbody');
    for (const file of data.files) {
      const name = make('td', {}, make('div', { class: 'key', title: file.name }, file.name));
      if (file.error) name.append(make('div', { class: 'bad' }, file.error));
      if (file.truncated) name.append(make('div', { class: 'bad' }, file.truncated));
      body.append(
        make(
          'tr',
          {},
          name,
          make('td', { class: 'optional' }, file.title ?? 'empty'),
          make('td', {}, number.format(file.lines.read)),
          make('td', { class: file.lines.rejected > 0 ? 'bad' : '' }, number.format(file.lines.rejected)),
        ),
      );
    }
    box.append(make('table', {}, make('thead', {}, head), body));
    if (skipped > 0)
      box.append(
        make(
          'p',
          { class: 'note' },
          `Lines that hold no request (directives, comments, blank lines): ${number.format(skipped)}.`,
        ),
      );
  }

  function rejects() {
    if (data.rejected.length === 0) return;
    const box = card(
      'Rejected lines',
      `${number.format(data.lines.rejected)} of ${number.format(data.lines.read)}`,
      true,
    );
    for (const { reason, lines, examples } of data.rejected) {
      const entry = make(
        'div',
        { class: 'reject' },
        make('p', {}, make('strong', {}, reason), ` · ${number.format(lines)}`),
      );
      for (const { file, line, detail, excerpt } of examples) {
        entry.append(make('p', { class: 'note' }, `${file}:${line}: ${detail}`), make('code', {}, excerpt));
      }
      box.append(entry);
    }
  }

  function theme() {
    const root = document.documentElement;
    document.getElementById('theme').addEventListener('click', () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
    });
  }

  askedFor();
  theme();
  if (data.requests.total === 0) {
    const span =
      data.log.from === null ? '' : ` The log runs from ${minute(data.log.from)} to ${minute(data.log.to)} UTC.`;
    card('', '', true).append(
      make('p', {}, `No request of ${number.format(data.lines.accepted)} is in this report.${span}`),
    );
  } else {
    controls();
    figures();
    timeline();
    latency();
    lists();
  }
  rejects();
  files();
  redraw();
})();
