// What lies at the chosen point, and on the way from the one chosen before.

class Inspector {
  /** choose(place): a known line, by its number, was asked for. */
  constructor(choose) {
    this.choose = choose;
    this.body = element("div", { "aria-live": "polite" });
    this.way = element("div", { class: "way" });
    this.element = element("section", { class: "card inspector", "aria-label": "The chosen point" }, this.body, this.way);
    this.clear();
  }

  clear() {
    this.body.replaceChildren(
      element("h2", {}, "Click anywhere"),
      element("p", { class: "dim" }, "Every point of the map is code. The decoder reads a line in it, the executor runs the point itself. Two clicks show the way between them."),
    );
    this.way.replaceChildren();
  }

  show(point) {
    const met = point.value === point.target && !point.failed;
    this.body.replaceChildren(
      element("p", { class: "kicker" }, "the code decoder reads"),
      element("h2", { class: "line" }, code(point.line)),
      this.meter(point.confidence),
      element("dl", {},
        ...this.row("the point leads to", point.failed
          ? element("span", { class: "bad" }, point.failed)
          : element("span", {}, code(point.value ?? "no value"), met ? " as wanted" : ", wanted is ", met ? null : code(point.target))),
        ...this.row("its line leads to", element("span", { class: point.agrees ? "good" : "bad" }, point.agrees ? "the same state" : "another state")),
        ...this.row("loss", `${brief(point.loss)} nats`),
        ...this.row("state", this.state(point.state)),
      ),
      point.cpython === null
        ? element("p", { class: "dim" }, "This line fills no hole of the problem.")
        : element("p", {}, cpython(point.cpython ? "runs the line: the problem is solved" : "runs the line: the problem is not solved", point.cpython)),
      element("h3", {}, "nearest lines"),
      element("ol", { class: "nearest" }, ...point.nearest.map((near) => element("li", {},
        button(near.text, () => this.choose(near.place), `go to ${near.text}`),
        element("span", { class: "dim" }, brief(near.distance))))),
    );
  }

  showWay(steps) {
    const largest = Math.max(...steps.map((step) => step.loss), 1e-9);
    const rows = steps.map((step) => element("tr", {},
      element("td", { class: "dim" }, `${Math.round(step.share * 100)} %`),
      element("td", {}, code(step.line)),
      element("td", { class: step.agrees ? "" : "bad" }, code(step.failed ? "error" : step.value ?? "–")),
      element("td", { class: "number" }, element("span", { class: "bar", "data-share": Math.sqrt(step.loss / largest).toFixed(3) }), brief(step.loss)),
    ));
    this.way.replaceChildren(
      element("h3", {}, "the way between the last two clicks"),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The way between two points" }, element("table", {},
        element("thead", {}, element("tr", {}, ...["way", "decoded line", "leads to", "loss"].map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, ...rows))),
    );
    for (const bar of this.way.querySelectorAll(".bar")) bar.style.width = `${Number(bar.dataset.share) * 3}rem`;
  }

  meter(share) {
    const bar = element("span", { class: "fill" });
    bar.style.width = `${share * 100}%`;
    return element("div", { class: "meter" }, element("span", { class: "track" }, bar), element("span", { class: "dim" }, `confidence ${share.toFixed(3)}`));
  }

  row(name, value) {
    return [element("dt", {}, name), element("dd", {}, value)];
  }

  state(state) {
    const entries = Object.entries(state);
    if (!entries.length) return element("span", { class: "dim" }, "no variables");
    return element("span", {}, ...entries.map(([name, value]) => element("code", { class: "chip" }, `${name} = ${value}`)));
  }
}
