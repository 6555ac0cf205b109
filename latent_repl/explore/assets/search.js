// The search on the map: begun, followed round by round, played, stopped, and gone back over.

const TEMPO = 650; // milliseconds a round is shown
const EVERY = 200; // milliseconds between two questions for new rounds

class SearchPlayer {
  /** posed(): a promise that the problem last written is shown; shown(): another round is to be seen. */
  constructor(ask, posed, shown, fail) {
    Object.assign(this, { ask, posed, shown, fail });
    this.select = element("select", { "aria-label": "search" });
    this.seed = element("input", { type: "number", min: "0", value: "0", "aria-label": "seed", class: "seed" });
    this.slider = element("input", { type: "range", min: "0", max: "0", value: "0", "aria-label": "round", oninput: () => this.go(Number(this.slider.value)) });
    this.playing = button(sign("play"), () => this.toggle(), "play");
    this.back = button(sign("back"), () => this.go(this.at - 1), "one round back");
    this.next = button(sign("on"), () => this.go(this.at + 1), "one round on");
    this.first = button(sign("first"), () => this.go(1), "back to the first round");
    this.begin = button("Search", () => this.search(), "search for the fill", { class: "strong" });
    this.curve = element("canvas", { class: "curve", "aria-hidden": "true" });
    this.caption = element("p", { class: "caption", role: "status" });
    this.result = element("div", { class: "result", role: "status" });
    this.element = element("section", { class: "card search", "aria-label": "The search" },
      element("div", { class: "bar-row" },
        element("label", {}, "search ", this.select), element("label", {}, "seed ", this.seed), this.begin),
      element("div", { class: "bar-row transport" }, this.first, this.back, this.playing, this.next, this.slider),
      this.caption, this.curve, this.result);
    new ResizeObserver(() => this.drawCurve()).observe(this.curve);
    this.clear();
  }

  offer(searches, search) {
    const kept = this.select.value;
    this.select.replaceChildren(...searches.map((name) => element("option", { value: name }, name)));
    this.select.value = searches.includes(kept) && kept ? kept : search;
  }

  clear() {
    this.number = (this.number ?? 0) + 1; // what an earlier search still tells is not listened to
    Object.assign(this, { rounds: [], at: 0, ended: true, solution: null, plays: false });
    this.caption.textContent = "A search proposes lines, the model scores them. Watch what it tries.";
    this.update();
  }

  get round() {
    return this.rounds[this.at - 1] ?? null;
  }

  /** All that was tried up to the round shown: text, point, loss, and the number of its round. */
  get tried() {
    return this.rounds.slice(0, this.at).flatMap((round, number) =>
      round.points.map((point, place) => ({ point, text: round.texts[place], loss: round.losses[place], round: number + 1 })));
  }

  async search() {
    await this.posed();
    this.clear();
    const number = this.number;
    Object.assign(this, { ended: false, plays: true });
    this.caption.textContent = "The search begins …";
    this.update();
    try {
      await this.asked({ ask: "search", search: this.select.value, seed: Number(this.seed.value) });
      this.play(number);
      while (number === this.number && !this.ended) {
        const news = await this.asked({ ask: "rounds", since: this.rounds.length });
        if (number !== this.number) return;
        this.rounds.push(...news.rounds);
        if (news.failed) throw new Error(news.failed);
        Object.assign(this, { ended: news.ended, solution: news.solution });
        this.update();
        if (!this.ended) await pause(EVERY);
      }
    } catch (error) {
      if (number !== this.number) return;
      this.clear();
      this.fail(error);
    }
  }

  async asked(message) {
    const answer = await this.ask(message);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  async play(number = this.number) {
    while (this.plays && number === this.number) {
      if (this.at < this.rounds.length) {
        this.at += 1;
        this.update();
      } else if (this.ended) break;
      await pause(this.at < this.rounds.length || this.ended ? TEMPO : EVERY);
    }
    if (number !== this.number) return;
    this.plays = false;
    this.update();
  }

  toggle() {
    if (this.plays) this.plays = false;
    else if (this.rounds.length) {
      if (this.at === this.rounds.length) this.at = 0;
      this.plays = true;
      this.play();
    }
    this.update();
  }

  go(place) {
    this.plays = false;
    this.at = Math.min(Math.max(place, Math.min(1, this.rounds.length)), this.rounds.length);
    this.update();
  }

  update() {
    const count = this.rounds.length;
    const name = this.plays ? "pause" : "play";
    this.playing.replaceChildren(sign(name));
    for (const attribute of ["aria-label", "title"]) this.playing.setAttribute(attribute, name);
    Object.assign(this.slider, { max: String(count), min: String(Math.min(1, count)), value: String(this.at) });
    for (const control of [this.playing, this.slider]) control.disabled = !count;
    this.back.disabled = this.first.disabled = this.at <= 1;
    this.next.disabled = this.at >= count;
    if (this.round) this.describe();
    const end = this.ended && this.solution && this.at === count;
    this.result.replaceChildren(...(end ? this.outcome() : []));
    this.drawCurve();
    this.shown();
  }

  describe() {
    const best = this.best;
    const by = this.round.mean ? "chosen by the processes" : "chosen before the processes had learnt";
    const how = this.rounds.some((round) => round.mean) ? `, ${by}` : "";
    const count = this.round.points.length;
    this.caption.replaceChildren(
      `Round ${this.at} of ${this.rounds.length}: ${count} ${count === 1 ? "line" : "lines"} tried${how}. Best so far `,
      code(best.text), ` at ${brief(best.loss)} nats.`);
  }

  get best() {
    return this.tried.reduce((one, other) => (other.loss < one.loss ? other : one));
  }

  outcome() {
    const found = this.solution;
    const cost = `${found.evaluations} ${found.evaluations === 1 ? "evaluation" : "evaluations"}, ${found.seconds} s`;
    if (!found.solved) return [element("p", {}, `Not solved: ${found.reason} (${cost}).`)];
    return [
      element("pre", {}, found.program),
      element("p", {}, cpython("runs it: the problem is solved", true), " ", element("span", { class: "dim whole" }, cost)),
    ];
  }

  /** The least loss so far, by evaluations. */
  drawCurve() {
    const canvas = this.curve;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.hidden = !this.rounds.length;
    if (!width || !this.rounds.length) return;
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const losses = this.rounds.flatMap((round) => round.losses);
    const shown = this.tried.length;
    const highest = Math.sqrt(Math.max(...losses, 1e-9));
    const x = (place) => 4 + (place / Math.max(losses.length - 1, 1)) * (width - 8);
    const y = (loss) => 4 + (1 - Math.sqrt(loss) / highest) * (height - 8);
    losses.forEach((loss, place) => {
      pen.fillStyle = colour(place < shown ? "dim" : "line");
      pen.fillRect(x(place) - 1, y(loss) - 1, 2, 2);
    });
    pen.beginPath();
    let least = Infinity;
    losses.slice(0, shown).forEach((loss, place) => {
      least = Math.min(least, loss);
      if (place === 0) pen.moveTo(x(0), y(least));
      pen.lineTo(x(place), y(least));
    });
    Object.assign(pen, { strokeStyle: colour("accent"), lineWidth: 2 });
    pen.stroke();
  }
}
