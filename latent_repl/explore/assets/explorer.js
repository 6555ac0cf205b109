// The explorer: the map of code space, and everything around it.

const SIZES = [11, 26, 51, 101]; // rows and columns of the map, coarse first
const LATER = 350; // milliseconds of rest before what is seen after a zoom is computed
const CLOSE = 9; // pixels from a known line within which a click means it
const CALM = 30; // known lines of which each has a label

class Explorer {
  constructor(root, ask) {
    this.root = root;
    this.waiting = 0;
    this.generation = 0;
    this.measure = "loss";
    this.layers = [];
    this.question = ask;
    this.turn = inTurn(); // a problem's answer may take long, and the next one's may not overtake it
    const now = (message) => this.asked(message);
    this.fail = (error) => this.say(error);
    this.map = new MapCanvas("Map of code space", {
      paint: () => this.paint(),
      choose: (x, y) => this.choose(x, y),
      hover: (point, place) => this.hover(point, place),
      moved: () => this.refineLater(),
    });
    this.inspector = new Inspector((place) => this.goTo(place));
    const posed = () => this.turn(() => {});
    this.player = new SearchPlayer(now, posed, () => this.player && this.offerMeasures(), this.fail);
    this.states = new StatesMap(now, this.fail);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.recolourAll();
      this.player.drawCurve();
    });
    this.build();
  }

  build() {
    this.name = element("span", { class: "dim" });
    this.problem = element("textarea", {
      class: "wide", rows: "1", "aria-label": "problem", title: "Enter shows it, Shift and Enter begin a line",
      spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      oninput: () => this.fitProblem(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.open({ problem: this.problem.value });
      },
    });
    this.through = element("input", { type: "text", "aria-label": "plane through one fill or three", placeholder: "one fill or three: -53, 0, 40", class: "wide", spellcheck: "false", autocomplete: "off" });
    this.alert = element("div", { class: "alert", role: "alert", hidden: true });
    this.measures = element("fieldset", { class: "measures" }, element("legend", {}, "coloured by"));
    this.legend = element("div", { class: "legend" });
    this.tip = element("div", { class: "tip", hidden: true });
    this.progress = element("div", { class: "progress", hidden: true }, element("span"));
    this.about = element("p", { class: "caption" });
    this.map.element.append(this.tip, this.progress);
    const submit = (act) => (event) => { event.preventDefault(); act(); };
    const pose = element("form", { class: "bar-row pose", onsubmit: submit(() => this.open({ problem: this.problem.value })) },
      this.problem, element("button", { class: "strong" }, "Show"));
    this.lay = element("form", { class: "bar-row", onsubmit: submit(() => this.open({ through: this.through.value })) },
      element("label", {}, "plane through ", this.through), element("button", {}, "Lay"));
    this.root.classList.add("latent-explorer");
    this.root.replaceChildren(
      element("header", {}, element("h1", {}, "latent-repl ", element("span", {}, "explore")), this.name),
      pose, this.alert,
      element("div", { class: "columns" },
        element("section", { class: "card code", "aria-label": "The map of code space" },
          this.measures, this.map.element, this.legend, this.about, this.lay),
        element("div", { class: "side" }, this.player.element, this.inspector.element),
        this.states.element));
    this.offerMeasures();
  }

  /** Ask at once; what is computed for the map waits until all such questions are answered. */
  async asked(message) {
    this.waiting += 1;
    try {
      return await this.question(message);
    } finally {
      this.waiting -= 1;
    }
  }

  async patiently(message) {
    while (this.waiting) await pause(8);
    const answer = await this.question(message);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  /** Give the problem as many rows as it has lines. */
  fitProblem() {
    this.problem.rows = this.problem.value.split("\n").length;
  }

  say(error) {
    this.alert.hidden = !error;
    this.alert.textContent = error ? error.message : "";
  }

  open(message = {}) {
    return this.turn(() => this.openNow(message));
  }

  async openNow(message) {
    try {
      const space = await this.asked({ ask: "open", ...message });
      if (space.error) throw new Error(space.error);
      this.say(null);
      this.show(space);
    } catch (error) {
      this.say(error);
    }
  }

  show(space) {
    this.space = space;
    const whole = new Layer(space.bounds, space.held);
    Object.assign(this, { losses: [], layers: [], lines: [], places: [], clicks: [], way: null, whole });
    this.rank();
    this.problem.value = space.problem;
    this.fitProblem();
    this.name.textContent = `${space.model}, ${(space.parameters / 1e6).toFixed(1)} million parameters`;
    this.lay.hidden = space.dimensions <= 2;
    const lines = space.fillings > space.points.length ? `${space.points.length} of ${space.fillings} lines` : `${space.points.length} lines`;
    const share = space.explained < 1 ? `, ${(space.explained * 100).toFixed(0)} % of their variance` : "";
    this.about.textContent = `${space.dimensions} dimensions, ${space.plane}${share}; ${lines} are dots.`;
    this.player.offer(space.searches, space.search);
    this.player.clear();
    this.inspector.clear();
    this.map.show(space.bounds);
    this.readLosses();
  }

  /** Fetch the losses of the known lines, some at a time. */
  async readLosses() {
    const space = this.space;
    try {
      while (space === this.space && this.losses.length < space.points.length) {
        const { losses } = await this.patiently({ ask: "known", first: this.losses.length });
        if (space !== this.space) return;
        this.losses.push(...losses);
        this.rank();
        this.map.redraw();
      }
    } catch (error) {
      this.say(error);
    }
  }

  /** Put the known lines in the order of their losses, in which they get their labels. */
  rank() {
    this.order = this.space.texts.map((_, place) => place);
    this.order.sort((one, other) => (this.losses[one] ?? 99) - (this.losses[other] ?? 99));
  }

  refineLater() {
    clearTimeout(this.timer);
    if (this.space) this.timer = setTimeout(() => this.refine(), this.layers.length ? LATER : 0);
  }

  /** Have the model read and execute what is seen, ever finer. */
  async refine() {
    const generation = ++this.generation;
    const space = this.space;
    const view = this.map.view;
    const stale = () => generation !== this.generation || space !== this.space;
    this.layers = this.layers.filter((layer) => layer.done);
    try {
      for (const size of SIZES) {
        const layer = new Layer(view, size);
        this.layers.push(layer);
        while (!layer.done) {
          const part = await this.patiently({
            ask: "layer", size, first: layer.filled,
            from: { x: view[0], y: view[1] }, to: { x: view[2], y: view[3] },
          });
          if (stale()) return;
          part.texts.forEach((text, place) => {
            this.lines[part.known + place] = text;
            this.places[part.known + place] = part.places[place];
          });
          layer.take(part);
          this.showProgress(size, layer);
          this.recolour(layer);
        }
        // What lies below shows where a part of the map was left: the finest layer of the whole map is kept for that.
        this.layers = [...this.layers.filter((each) => each.covers(space.bounds) && !layer.covers(space.bounds)), layer];
        this.recolourAll();
      }
    } catch (error) {
      if (!stale()) this.say(error);
    }
  }

  showProgress(size, layer) {
    const last = size === SIZES.at(-1);
    this.progress.hidden = last && layer.done;
    this.progress.firstChild.style.width = `${last ? (100 * layer.filled) / (size * size) : 0}%`;
    this.root.dataset.size = layer.done ? size : this.root.dataset.size ?? 0;
  }

  /** What a search held of the map's places themselves, if the map is coloured by that; nothing if it knows lines. */
  get held() {
    const round = this.player.round;
    return MEASURES[this.measure].of === "search" && round?.of === "place" ? round[this.measure] : undefined;
  }

  /** Return the values of a measure for a layer's points; those of a search go by the line that is decoded there. */
  valuesOf(layer) {
    if (MEASURES[this.measure].of === "point") return layer.values(this.measure);
    const held = this.player.round?.[this.measure];
    return held ? layer.lines.map((line) => (this.places[line] >= 0 ? held[this.places[line]] : null)) : [];
  }

  get limits() {
    if (this.measure === "confidence") return [0, 1];
    const values = MEASURES[this.measure].of === "search" ? this.player.round?.[this.measure] ?? [] : this.layers.flatMap((layer) => layer.losses);
    const finite = values.filter((value) => value !== null);
    return finite.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, 1e-9]);
  }

  recolour(layer) {
    const smooth = this.measure === "loss" || this.measure === "confidence";
    layer.colour(this.measure, this.valuesOf(layer), this.limits, (place) => this.lines[layer.lines[place]], smooth);
    this.map.redraw();
  }

  recolourAll() {
    if (this.held) this.whole.colour(this.measure, this.held, this.limits, () => "", true);
    else for (const layer of this.layers) this.recolour(layer);
    this.drawLegend();
    this.map.redraw();
  }

  /** Let the map be coloured by what there is; a search's own measures are there only where it has them. */
  offerMeasures() {
    const held = Boolean(this.player.round?.mean);
    const names = Object.keys(MEASURES).filter((name) => MEASURES[name].of === "point" || held);
    if (!names.includes(this.measure)) this.measure = "loss";
    const old = [...this.measures.querySelectorAll("input")].map((input) => input.value);
    if (old.join() !== names.join()) {
      const focused = this.measures.contains(document.activeElement);
      this.measures.replaceChildren(element("legend", {}, "coloured by"), ...names.map((name) => element("label", {},
        element("input", { type: "radio", name: "measure", value: name, checked: name === this.measure, onchange: () => { this.measure = name; this.recolourAll(); } }),
        element("span", {}, MEASURES[name].name))));
      if (focused) this.measures.querySelector("input:checked").focus();
    }
    this.recolourAll();
  }

  drawLegend() {
    const measure = MEASURES[this.measure];
    if (this.measure === "agreement") {
      const sides = SIDES[dark() ? "dark" : "light"];
      const named = { agrees: "lead to the same state", differs: "lead to different states", none: "no line" };
      this.legend.replaceChildren(element("span", {}, `${measure.title} `), ...Object.entries(named).map(([side, text]) => {
        const patch = element("i", { class: "patch" });
        patch.style.background = rgb(sides[side]);
        return element("span", {}, patch, text);
      }));
      return;
    }
    const [low, high] = this.limits;
    if (!Number.isFinite(low)) return this.legend.replaceChildren();
    const ends = this.measure === "loss" ? [0, high] : [low, high];
    const shares = ends.map((value) => measure.share(value, low, high));
    const strip = element("i", { class: "strip" });
    const stops = Array.from({ length: 12 }, (_, place) => rgb(colourOf(shares[0] + (shares[1] - shares[0]) * place / 11)));
    strip.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    this.legend.replaceChildren(element("span", {}, measure.title), element("span", { class: "scale" }, brief(ends[0]), strip, brief(ends[1])));
  }

  nearestKnown(left, top) {
    let best = [-1, CLOSE];
    this.space.points.forEach(([x, y], place) => {
      const [across, down] = this.map.place(x, y);
      const distance = Math.hypot(across - left, down - top);
      if (distance < best[1]) best = [place, distance];
    });
    return best[0];
  }

  goTo(place) {
    this.map.pick(...this.space.points[place]);
  }

  async choose(x, y) {
    if (!this.space) return;
    const near = this.nearestKnown(...this.map.place(x, y));
    if (near >= 0) [x, y] = this.space.points[near];
    const before = this.clicks.at(-1);
    this.clicks = [...this.clicks.slice(-1), [x, y]];
    this.map.redraw();
    const space = this.space;
    const begun = performance.now();
    try {
      const point = await this.asked({ ask: "point", at: { x, y } });
      if (point.error) throw new Error(point.error);
      if (space !== this.space || this.clicks.at(-1)[0] !== x || this.clicks.at(-1)[1] !== y) return;
      this.inspector.show(point);
      this.root.dataset.answered = (performance.now() - begun).toFixed(1);
      if (!before || (before[0] === x && before[1] === y)) return;
      const way = await this.asked({ ask: "way", from: { x: before[0], y: before[1] }, to: { x, y } });
      if (way.error) throw new Error(way.error);
      if (space === this.space && this.clicks.at(-1)[0] === x) this.inspector.showWay(way.steps);
    } catch (error) {
      this.say(error);
    }
  }

  /** Show what the map knows of a place already: the server is not asked. */
  hover(point, place) {
    const layer = point && this.layers.findLast((each) => each.at(...point) >= 0);
    this.tip.hidden = !layer;
    if (!layer) return;
    const cell = layer.at(...point);
    const near = this.nearestKnown(...place);
    const text = near >= 0 ? `${this.space.texts[near]} (a known line)` : this.lines[layer.lines[cell]];
    this.tip.replaceChildren(code(text), near >= 0 ? "" : ` ${brief(layer.losses[cell])} nats`);
    const right = place[0] > this.map.size / 2;
    Object.assign(this.tip.style, {
      left: right ? "auto" : `${place[0] + 14}px`, right: right ? `${this.map.size - place[0] + 14}px` : "auto", top: `${place[1] + 10}px`,
    });
  }

  paint() {
    if (!this.space) return;
    const map = this.map;
    for (const layer of this.held ? [this.whole] : this.layers) layer.draw(map);
    this.paintKnown();
    this.paintSearch();
    this.paintClicks();
  }

  paintKnown() {
    const map = this.map;
    const { points, texts } = this.space;
    const many = points.length > 400;
    const radius = Math.min(many ? 1.4 * Math.sqrt(map.whole / map.half) : 2.6, 4);
    const [ink, rim] = [map.colour("text"), map.colour("ground")];
    const places = points.map(([x, y]) => map.place(x, y));
    const seen = ([x, y]) => x > -9 && y > -9 && x < map.size + 9 && y < map.size + 9;
    const visible = this.order.filter((place) => seen(places[place]));
    map.pen.globalAlpha = many ? 0.75 : 0.9;
    for (const [colour, reach] of [[rim, radius + 0.8], [ink, radius]]) {
      if (many) map.squares(places, reach, colour);
      else for (const place of visible) map.dot(...places[place], reach, colour);
    }
    map.pen.globalAlpha = 1;
    const shown = visible.length <= CALM ? visible : visible.slice(0, 60).filter((_, rank) => rank < 12 || rank % 2);
    map.labels(shown.map((place) => [texts[place], places[place][0], places[place][1] - 10]), 11);
  }

  paintSearch() {
    const map = this.map;
    const tried = this.player.tried;
    if (!tried.length) return;
    const [now, ink, ground] = [map.colour("accent"), map.colour("text"), map.colour("ground")];
    for (const each of tried) {
      const [x, y] = map.place(...each.point);
      const current = each.round === this.player.at;
      map.dot(x, y, current ? 6.5 : 4, null, ground, current ? 5 : 3);
      map.dot(x, y, current ? 6.5 : 4, current ? now : null, current ? ink : now, current ? 1.2 : 1.4);
    }
    const best = this.player.best;
    const [x, y] = map.place(...best.point);
    const done = this.player.ended && this.player.solution?.solved && this.player.at === this.player.rounds.length;
    if (done) this.paintStar(x, y);
    else map.dot(x, y, 11, null, map.colour("good"), 2.5);
    map.write(best.text, x, y > 40 ? y - 22 : y + 24, { size: 13, weight: 700 });
  }

  paintStar(x, y) {
    const pen = this.map.pen;
    pen.beginPath();
    for (let tip = 0; tip < 10; tip += 1) {
      const [angle, reach] = [(tip * Math.PI) / 5 - Math.PI / 2, tip % 2 ? 6 : 14];
      pen.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    pen.closePath();
    Object.assign(pen, { fillStyle: this.map.colour("good"), strokeStyle: this.map.colour("ground"), lineWidth: 2 });
    pen.stroke();
    pen.fill();
  }

  paintClicks() {
    const map = this.map;
    const places = this.clicks.map(([x, y]) => map.place(x, y));
    if (places.length === 2) {
      for (const [width, colour] of [[4, map.colour("ground")], [1.8, map.colour("text")]]) {
        Object.assign(map.pen, { lineWidth: width, strokeStyle: colour });
        map.pen.setLineDash([6, 5]);
        map.pen.beginPath();
        map.pen.moveTo(...places[0]);
        map.pen.lineTo(...places[1]);
        map.pen.stroke();
        map.pen.setLineDash([]);
      }
    }
    places.forEach(([x, y], number) => {
      const last = number === places.length - 1;
      map.dot(x, y, last ? 8 : 5, null, map.colour("ground"), 5);
      map.dot(x, y, last ? 8 : 5, null, map.colour("text"), 2);
    });
  }
}

/** What the model makes of a square grid of points. */
class Layer {
  constructor(bounds, size) {
    Object.assign(this, { bounds, size, losses: [], confidence: [], agrees: [], lines: [] });
    this.picture = document.createElement("canvas");
    this.picture.width = this.picture.height = size;
  }

  get filled() {
    return this.losses.length;
  }

  get done() {
    return this.filled >= this.size * this.size;
  }

  take(part) {
    for (const name of ["losses", "confidence", "agrees", "lines"]) this[name].push(...part[name]);
  }

  values(measure) {
    return { loss: this.losses, confidence: this.confidence, agreement: this.agrees }[measure];
  }

  covers([left, bottom, right, top]) {
    const [own, below, end, above] = this.bounds;
    return own <= left && below <= bottom && end >= right && above >= top;
  }

  /** Return the number of the grid's point next to a place, -1 where there is none. */
  at(x, y) {
    const [left, bottom, right, top] = this.bounds;
    const column = Math.round(((x - left) / (right - left)) * (this.size - 1));
    const row = Math.round(((y - bottom) / (top - bottom)) * (this.size - 1));
    const inside = column >= 0 && row >= 0 && column < this.size && row < this.size;
    const place = row * this.size + column;
    return inside && place < this.filled ? place : -1;
  }

  /** Paint the picture. smooth: whether colours between two points are a mixture of theirs. */
  colour(measure, values, [low, high], lineAt, smooth) {
    const pen = this.picture.getContext("2d");
    const image = pen.createImageData(this.size, this.size);
    const colours = ramp();
    const sides = SIDES[dark() ? "dark" : "light"];
    const share = MEASURES[measure].share;
    for (let place = 0; place < values.length; place += 1) {
      const [row, column] = [Math.floor(place / this.size), place % this.size];
      const value = values[place];
      const none = lineAt(place) === "(no core line)";
      const missing = value === null || value === undefined;
      const shade = measure === "agreement"
        ? sides[none ? "none" : value ? "agrees" : "differs"]
        : missing ? sides.none : colours[Math.round(255 * Math.min(Math.max(share(value, low, high), 0), 1))];
      image.data.set([...shade, 255], 4 * ((this.size - 1 - row) * this.size + column));
    }
    pen.putImageData(image, 0, 0);
    this.smooth = smooth;
  }

  draw(map) {
    const [left, bottom, right, top] = this.bounds;
    const cell = (right - left) / (this.size - 1) / 2; // a colour is that of its cell's middle
    const [x, y] = map.place(left - cell, top + cell);
    const [end, below] = map.place(right + cell, bottom - cell);
    map.pen.imageSmoothingEnabled = this.smooth;
    map.pen.imageSmoothingQuality = "high";
    map.pen.drawImage(this.picture, x, y, end - x, below - y);
  }
}

/** Show the explorer in an element. ask(message): a promise of the answer. */
export function mount(root, ask) {
  const explorer = new Explorer(root, ask);
  explorer.open().then(() => explorer.states.load().catch(explorer.fail));
  return explorer;
}

/** What anywidget calls: questions are the widget's messages. */
export default {
  render({ model, el }) {
    const open = new Map();
    let number = 0;
    const hear = ({ id, answer }) => {
      open.get(id)?.(answer);
      open.delete(id);
    };
    model.on("msg:custom", hear);
    const root = element("div");
    el.append(root);
    mount(root, (message) => new Promise((resolve) => {
      number += 1;
      open.set(number, resolve);
      model.send({ id: number, message });
    }));
    return () => model.off("msg:custom", hear);
  },
};
