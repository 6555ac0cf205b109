// Colours: of a share from 0, what is looked for, to 1, what is farthest from it.

const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;

const RAMPS = {
  dark: ["#fff6c2", "#ffc35c", "#f47a57", "#c13b78", "#6b2a86", "#30205f", "#151630"],
  light: ["#35063e", "#7a1f6f", "#c93f6e", "#f07d5c", "#fbbd7d", "#fbe6c0", "#f6f4ec"],
};
const SIDES = {
  dark: { agrees: [45, 178, 160], differs: [96, 52, 66], none: [40, 44, 54] },
  light: { agrees: [38, 150, 133], differs: [244, 205, 196], none: [226, 226, 222] },
};

const parsed = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));

/** Return red, green and blue of a share. */
function colourOf(share) {
  const stops = RAMPS[dark() ? "dark" : "light"];
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [parsed(stops[low]), parsed(stops[low + 1])];
  return from.map((value, channel) => Math.round(value + (to[channel] - value) * (place - low)));
}

/** Return 256 colours, one after the other: a ramp that is quick to read. */
function ramp() {
  return Array.from({ length: 256 }, (_, place) => colourOf(place / 255));
}

const rgb = ([red, green, blue], alpha = 1) => `rgba(${red}, ${green}, ${blue}, ${alpha})`;

/**
 * What a map can be coloured by. share: of a value, given the least and the largest; title: of the legend;
 * of: "point" for what the model makes of each point, "search" for what a search held of each known line or place.
 */
const MEASURES = {
  loss: { name: "loss", title: "loss in nats", of: "point", share: (value, low, high) => Math.sqrt(Math.max(value, 0) / high) },
  agreement: { name: "agreement", title: "the point and its line", of: "point", share: null },
  confidence: { name: "confidence", title: "confidence of the decoder", of: "point", share: (value) => 1 - value },
  mean: { name: "mean", title: "expected distance", of: "search", share: (value, low, high) => (value - low) / (high - low || 1) },
  spread: { name: "spread", title: "standard deviation", of: "search", share: (value, low, high) => 1 - (value - low) / (high - low || 1) },
  acquisition: {
    name: "acquisition", title: "acquisition in nats", of: "search",
    share: (value, low, high) => Math.sqrt(Math.max(high - value, 0) / (high - low || 1)),
  },
};
