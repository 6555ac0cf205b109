// A square map to look at: zoom, drag, click, and the same by keys. What is on it, its owner paints.

const ZOOM = 1.25;
const FARTHEST = 400; // how often the whole map may be magnified
const NUDGE = 0.04; // of the view, by an arrow key; with Shift a tenth of it

class MapCanvas {
  /** label: for who cannot see it. paint(pen, map): draws everything. choose(x, y): a place was clicked. */
  constructor(label, { paint, choose = () => {}, hover = () => {}, moved = () => {} }) {
    Object.assign(this, { paint, choose, hover, moved });
    this.bounds = [-1, -1, 1, 1];
    this.cursor = null;
    this.size = 1; // pixels of a side; asking the page for it costs more than drawing a dot
    this.canvas = element("canvas", {
      tabindex: "0",
      role: "application",
      "aria-label": `${label}. Arrow keys move the cross, Enter looks at the point below it, + and - zoom, 0 shows all.`,
    });
    this.pen = this.canvas.getContext("2d");
    this.element = element(
      "div",
      { class: "map" },
      this.canvas,
      element(
        "div",
        { class: "zoom" },
        button(sign("plus"), () => this.zoom(ZOOM * ZOOM), "zoom in"),
        button(sign("minus"), () => this.zoom(1 / ZOOM / ZOOM), "zoom out"),
        button(sign("all"), () => this.reset(), "show all"),
      ),
    );
    this.reset();
    this.listen();
    new ResizeObserver(() => this.fit()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  show(bounds) {
    this.bounds = bounds;
    this.cursor = null;
    this.reset();
  }

  /** The part of the plane that is seen: left, bottom, right, top. */
  get view() {
    return [this.x - this.half, this.y - this.half, this.x + this.half, this.y + this.half];
  }

  reset() {
    const [left, bottom, right, top] = this.bounds;
    [this.x, this.y, this.half] = [(left + right) / 2, (bottom + top) / 2, (right - left) / 2];
    this.whole = this.half;
    this.changed();
  }

  zoom(factor, x = this.x, y = this.y) {
    const half = Math.min(Math.max(this.half / factor, this.whole / FARTHEST), this.whole * 1.5);
    const share = half / this.half;
    [this.x, this.y, this.half] = [x + (this.x - x) * share, y + (this.y - y) * share, half];
    this.changed();
  }

  changed() {
    this.redraw();
    this.moved();
  }

  /** Return where a point of the plane is drawn, and the other way round. */
  place(x, y) {
    const scale = this.size / (2 * this.half);
    return [(x - this.x) * scale + this.size / 2, (this.y - y) * scale + this.size / 2];
  }

  pointAt(left, top) {
    const scale = (2 * this.half) / this.size;
    return [this.x + (left - this.size / 2) * scale, this.y - (top - this.size / 2) * scale];
  }

  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  fit() {
    const ratio = window.devicePixelRatio || 1;
    this.size = this.canvas.clientWidth || 1;
    const side = Math.round(this.size * ratio);
    if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
    this.redraw();
  }

  draw() {
    const pen = this.pen;
    const ratio = this.canvas.width / this.size;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.size, this.size);
    this.colours = getComputedStyle(this.canvas);
    this.paint(pen, this);
    if (this.cursor && document.activeElement === this.canvas) this.drawCross(...this.place(...this.cursor));
  }

  /** Return a colour of the style sheet. */
  colour(name) {
    return this.colours.getPropertyValue(`--${name}`).trim();
  }

  drawCross(x, y) {
    const pen = this.pen;
    for (const [width, colour] of [[4, this.colour("ground")], [1.5, this.colour("text")]]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      for (const [along, across] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        pen.moveTo(x + along * 5, y + across * 5);
        pen.lineTo(x + along * 16, y + across * 16);
      }
      pen.stroke();
    }
  }

  /** Write a text with a rim, so that it can be read on any colour. */
  write(text, x, y, { size = 11, weight = 500 } = {}) {
    const pen = this.pen;
    pen.font = `${weight} ${size}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const half = pen.measureText(text).width / 2 + 3;
    x = Math.min(Math.max(x, half), this.size - half); // what is at the edge is to be read too
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = this.colour("ground");
    pen.fillStyle = this.colour("text");
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }

  dot(x, y, radius, fill, rim = null, width = 1) {
    const pen = this.pen;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill) {
      pen.fillStyle = fill;
      pen.fill();
    }
    if (rim) {
      pen.strokeStyle = rim;
      pen.lineWidth = width;
      pen.stroke();
    }
  }

  /** Draw small squares at places: thousands of them are quicker than dots. */
  squares(places, reach, fill) {
    this.pen.fillStyle = fill;
    for (const [x, y] of places) this.pen.fillRect(x - reach, y - reach, 2 * reach, 2 * reach);
  }

  /** Write texts at places, in that order, as long as they do not fall upon earlier ones. */
  labels(entries, size = 11) {
    const kept = [];
    for (const [text, x, y] of entries) {
      const width = text.length * size * 0.31 + 4;
      const seen = x > 0 && y > 0 && x < this.size && y < this.size;
      const free = kept.every(([left, top, other]) => Math.abs(x - left) > width + other || Math.abs(y - top) > size + 3);
      if (!seen || !free) continue;
      kept.push([x, y, width]);
      this.write(text, x, y, { size });
    }
  }

  listen() {
    const canvas = this.canvas;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let grip = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) grip = { from: at(event), x: this.x, y: this.y, dragged: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      const [left, top] = at(event);
      if (grip && event.pointerType === "mouse") {
        const [across, down] = [left - grip.from[0], top - grip.from[1]];
        if (!grip.dragged && Math.hypot(across, down) > 4) {
          grip.dragged = true;
          canvas.setPointerCapture(event.pointerId);
        }
        if (grip.dragged) {
          const scale = (2 * this.half) / this.size;
          [this.x, this.y] = [grip.x - across * scale, grip.y + down * scale];
          this.changed();
          return;
        }
      }
      this.hover(this.pointAt(left, top), [left, top]);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (grip && !grip.dragged) this.pick(...this.pointAt(...at(event)));
      grip = null;
    });
    canvas.addEventListener("pointercancel", () => (grip = null));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas && !event.ctrlKey) return; // the page scrolls
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, ...this.pointAt(...at(event)));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.press(event));
    for (const change of ["focus", "blur"]) canvas.addEventListener(change, () => this.redraw());
  }

  press(event) {
    const step = 2 * this.half * NUDGE * (event.shiftKey ? 0.1 : 1);
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in arrows) {
      const [x, y] = this.cursor ?? [this.x, this.y];
      const [across, up] = arrows[event.key];
      this.cursor = [x + across * step, y + up * step];
      this.follow();
      this.hover(this.cursor, this.place(...this.cursor));
    } else if (event.key === "Enter" || event.key === " ") this.pick(...(this.cursor ?? [this.x, this.y]));
    else if (event.key === "+" || event.key === "=") this.zoom(ZOOM, ...(this.cursor ?? []));
    else if (event.key === "-") this.zoom(1 / ZOOM, ...(this.cursor ?? []));
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
    this.redraw();
  }

  /** Move the view so that the cross stays in sight. */
  follow() {
    const reach = this.half * 0.92;
    this.x = Math.min(Math.max(this.x, this.cursor[0] - reach), this.cursor[0] + reach);
    this.y = Math.min(Math.max(this.y, this.cursor[1] - reach), this.cursor[1] + reach);
    this.redraw();
  }

  pick(x, y) {
    this.cursor = [x, y];
    this.choose(x, y);
    this.redraw();
  }
}
