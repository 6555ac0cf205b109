// Elements of the page, and small things about time.

/** Return a new element. attributes: also `onclick` and its like; children: elements and texts. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Return a button. label: what it is called where `text` is a sign. */
function button(text, press, label = text, attributes = {}) {
  return element("button", { type: "button", onclick: press, "aria-label": label, title: label, ...attributes }, text);
}

const SIGNS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  back: "M17 4.5v15L6 12z",
  on: "M7 4.5v15L18 12z M18 5h2.5v14H18z",
  first: "M20 4.5v15L9 12z M4.5 5H7v14H4.5z",
  plus: "M10.75 5h2.5v5.75H19v2.5h-5.75V19h-2.5v-5.75H5v-2.5h5.75z",
  minus: "M5 10.75h14v2.5H5z",
  all: "M4 4h6v2.5H6.5V10H4zM14 4h6v6h-2.5V6.500H14zM4 14h2.500v3.500H10V20H4zM17.500 14H20v6h-6v-2.500h3.500z",
};

/** Return a sign as a picture: fonts need not have it. */
function sign(name) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: "18", height: "18", "aria-hidden": "true" })) drawn.setAttribute(key, value);
  path.setAttribute("d", SIGNS[name]);
  path.setAttribute("fill", "currentColor");
  drawn.append(path);
  return drawn;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Return a function that does what it is given after all that it was given before, whatever became of that. */
function inTurn() {
  let last = Promise.resolve();
  return (act) => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };
}

/** Return a number as text of some three digits. */
function brief(number) {
  if (number === null || number === undefined) return "–";
  if (number === 0) return "0";
  const size = Math.abs(number);
  return size >= 100 ? number.toFixed(0) : size >= 10 ? number.toFixed(1) : size >= 0.01 ? number.toFixed(2) : number.toExponential(0);
}

/** Return text that is as wide as code. */
const code = (text) => element("code", {}, text);

/** Return a mark of something that CPython says, which is never the model's. */
function cpython(text, good) {
  return element("span", { class: `cpython ${good ? "good" : "bad"}` }, element("b", {}, "CPython"), ` ${text}`);
}
