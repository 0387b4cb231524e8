// The page's drawings in small: icons, lamps, contacts. All take the colour of the text around them.

import { html, svg } from "./vendored/lit-html.js";

/** @type {Record<string, import("./types.js").View>} */
const SHAPES = {
  box: svg`<rect x="3" y="6" width="18" height="13" rx="2.5"/><circle cx="8" cy="12.5" r="1.6"/><circle cx="12" cy="12.5" r="1.6"/><circle cx="16" cy="12.5" r="1.6"/>`,
  plan: svg`<path d="M2 17h4V8h5v9h4V5h4v12h3"/>`,
  camera: svg`<path d="M4 8h3l2-3h6l2 3h3a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-8A1.5 1.5 0 0 1 4 8z"/><circle cx="12" cy="13" r="3.7"/>`,
  settings: svg`<path d="M3 7h9m5 0h4M3 12h3m5 0h10M3 17h11m5 0h2"/><circle cx="14.5" cy="7" r="2.2"/><circle cx="8.5" cy="12" r="2.2"/><circle cx="16.5" cy="17" r="2.2"/>`,
  log: svg`<path d="M8.5 6H21M8.5 12H21M8.5 18H21"/><path d="M3.5 6h.6M3.5 12h.6M3.5 18h.6"/>`,
};

/** An icon beside a word; screen readers hear the word. @param {string} name */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>`;
}

/**
 * A lamp of the box, by its colour and how it looks in words, like `blinks slowly`.
 * @param {string} colour
 * @param {string} look
 */
export function lamp(colour, look) {
  const classes = `lamp ${colour} ${look.replace(/[^a-z]+/g, "-")}${look === "dark" || look === "on" ? "" : " blinking"}`;
  return html`<svg class=${classes} viewBox="0 0 32 32" aria-hidden="true">
    <circle class="ring" cx="16" cy="16" r="13.5" />
    <circle class="glow" cx="16" cy="16" r="10" />
  </svg>`;
}

/** A contact: a closed or an open switch. @param {boolean} isClosed */
export function contact(isClosed) {
  return html`<svg class="contact" viewBox="0 0 36 20" aria-hidden="true">
    <path d=${isClosed ? "M1 14h8L27 14h8" : "M1 14h8L25 4M27 14h8"} />
    <circle cx="9" cy="14" r="2.6" />
    <circle cx="27" cy="14" r="2.6" />
  </svg>`;
}

/** The sign on the button Cut: an eight-sided plate, as nothing else on the page. */
export const octagon = svg`<polygon points="21,2 43,2 62,21 62,43 43,62 21,62 2,43 2,21"/>`;
