// The map of the states: every number a point, and the session's way over it.

const HUES = ["accent", "warm", "good", "violet", "bad"];

class StatesMap {
  constructor(ask, fail) {
    Object.assign(this, { ask, fail, turn: inTurn() });
    this.map = new MapCanvas("Map of the states: the numbers, and the way of each variable", { paint: () => this.paint() });
    this.input = element("input", { type: "text", class: "wide", "aria-label": "a line of Lx to run", placeholder: "a = 71; b = a - 53", spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
    this.said = element("p", { class: "caption", role: "status" });
    this.legend = element("p", { class: "legend" });
    const form = element("form", { class: "bar-row", onsubmit: (event) => { event.preventDefault(); this.run(); } },
      this.input, element("button", { class: "strong" }, "Run"));
    this.element = element("section", { class: "card states", "aria-label": "The map of the states" },
      element("h2", {}, "States"),
      element("p", { class: "dim" }, "Where the model keeps each number. Run lines of Lx in this session and see which way the variables go."),
      form, this.said, this.map.element, this.legend);
  }

  /** Ask for the states after what was asked before: lines run in the order in which they were typed. */
  load(message = {}) {
    return this.turn(() => this.loadNow(message));
  }

  async loadNow(message) {
    const answer = await this.ask({ ask: "states", ...message });
    if (answer.error) throw new Error(answer.error);
    const first = !this.shown;
    this.shown = answer;
    this.element.dataset.lines = answer.history.length;
    if (first) this.map.show(answer.bounds);
    this.map.redraw();
    this.legend.replaceChildren(...Object.entries(answer.ways).map(([name, way], place) => element("span", {},
      element("i", { class: `hue ${HUES[place % HUES.length]}` }), code(`${name}: ${way.values.join(" → ")}`))));
    return answer;
  }

  async run() {
    const text = this.input.value;
    if (!text.trim()) return;
    try {
      const { ran } = await this.load({ run: text });
      if (this.input.value === text) this.input.value = ""; // else the next line is being typed
      this.said.replaceChildren(
        ...(ran.output.length ? [code(ran.output.join("\n")), " "] : []),
        ...(ran.failed ? [element("span", { class: "bad" }, ran.failed), " "] : []),
        ...(ran.cpython === null ? [] : [cpython(ran.cpython ? "agrees" : "has something else", ran.cpython)]));
    } catch (error) {
      this.said.replaceChildren(element("span", { class: "bad", role: "alert" }, element("pre", {}, error.message)));
    }
  }

  paint() {
    if (!this.shown) return;
    const map = this.map;
    const { points, texts, ways } = this.shown;
    const places = points.map(([x, y]) => map.place(x, y));
    map.pen.fillStyle = map.colour("dim");
    const size = points.length > 500 ? 2 : 3;
    for (const [x, y] of places) map.pen.fillRect(x - size / 2, y - size / 2, size, size);
    const numbers = texts.map((text, place) => [text, ...places[place]]);
    const round = (text) => (Number(text) % 100 === 0 ? 0 : Number(text) % 10 === 0 ? 1 : 2);
    map.labels([...numbers].sort((one, other) => round(one[0]) - round(other[0])).slice(0, map.half < map.whole / 3 ? numbers.length : 60), 10);
    Object.values(ways).forEach((way, number) => {
      const colour = map.colour(HUES[number % HUES.length]);
      const line = way.points.map(([x, y]) => map.place(x, y));
      map.pen.beginPath();
      line.forEach(([x, y], place) => (place ? map.pen.lineTo(x, y) : map.pen.moveTo(x, y)));
      Object.assign(map.pen, { strokeStyle: colour, lineWidth: 2 });
      map.pen.stroke();
      line.forEach(([x, y], place) => map.dot(x, y, place === line.length - 1 ? 6 : 3.5, colour, map.colour("ground"), 1.5));
    });
  }
}
