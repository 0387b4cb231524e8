// Draws a plan: both contacts and the exposures of one frame over time, and the frames of the run. Knows the numbers
// of a plan; every sentence about it comes from the daemon.

import { html, nothing, svg } from "./vendored/lit-html.js";
import { brief } from "./words.js";

/** @typedef {import("./types.js").Plan} Plan */

const WIDTH = 320;
const LEFT = 8;
const RIGHT = WIDTH - 8;
const MARGIN = 12; // before the first and after the last edge
const FINEST_NS = 1e7; // much shorter spans get hardly any room
const COARSEST = 24; // to scale, a part shorter than 1/24 of the frame could not be seen
const BREAK_RATIO = 10; // a span so many times as long as the shortest one gets a mark where it is shortened
const LABEL_PX = 7.2; // a letter of a mark
const MOST_FRAMES = 40; // drawn one by one

/** An axis: positions of times, and where it is shortened. @typedef {{at: (ns: number) => number, breaks: number[]}} Axis */

/** @param {Plan} plan @returns {Axis} */
function axisOf(plan) {
  const times = new Set(plan.edges.map((edge) => edge.at_ns));
  for (const { begins_ns, ends_ns } of plan.parts) times.add(begins_ns).add(ends_ns);
  for (const { begins_ns, ends_ns } of plan.exposures) {
    times.add(begins_ns);
    if (ends_ns !== null) times.add(ends_ns);
  }
  const stops = [...times].sort((a, b) => a - b);
  const spans = stops.slice(1).map((stop, k) => stop - stops[k]);
  const visible = spans.filter((ns) => ns >= 2 * FINEST_NS);
  const shortest = Math.min(...visible);
  const isToScale = shortest * COARSEST >= stops[stops.length - 1] - stops[0];
  const widths = spans.map((ns) => (isToScale ? ns : 0.05 + Math.log10(1 + ns / FINEST_NS)));
  const scale = (RIGHT - LEFT - 2 * MARGIN) / widths.reduce((sum, width) => sum + width, 0);
  const places = [LEFT + MARGIN];
  for (const width of widths) places.push(places[places.length - 1] + width * scale);
  const breaks = isToScale
    ? []
    : spans.flatMap((ns, k) => (ns >= BREAK_RATIO * shortest ? [(places[k] + places[k + 1]) / 2] : []));
  const at = (/** @type {number} */ ns) => {
    const k = Math.max(0, Math.min(spans.length - 1, stops.findIndex((stop) => stop >= ns) - 1));
    const share = spans[k] ? (ns - stops[k]) / spans[k] : 0;
    return places[k] + Math.max(0, Math.min(1, share)) * (places[k + 1] - places[k]);
  };
  return { at, breaks };
}

/** @param {Plan} plan @param {Axis} axis @param {string} line @param {number} y */
function trace(plan, axis, line, y) {
  const edges = plan.edges.filter((edge) => edge.line === line);
  const isHeld = line === "focus" && plan.focus_is_held;
  const [open, closed] = [y + 22, y];
  let d = `M${LEFT} ${isHeld ? closed : open}`;
  const closings = [];
  let from = isHeld ? LEFT : null;
  for (const edge of edges) {
    const x = axis.at(edge.at_ns);
    d += `H${x.toFixed(1)}V${edge.closed ? closed : open}`;
    if (!edge.closed && from !== null) closings.push([from, x]);
    from = edge.closed ? x : null;
  }
  if (from !== null) closings.push([from, RIGHT]);
  return svg`<text x=${LEFT} y=${y - 6} class="name">${line.toUpperCase()}</text>
    ${closings.map(([x, end]) => svg`<rect class="closed" x=${x} y=${closed} width=${end - x} height="22" />`)}
    <path class="trace" d=${`${d}H${RIGHT}`} />`;
}

/** @param {Plan} plan @param {Axis} axis @param {number} y */
function exposures(plan, axis, y) {
  const last = plan.edges[plan.edges.length - 1]?.at_ns ?? 0;
  return svg`<text x=${LEFT} y=${y - 6} class="name">EXPOSURE</text>
    ${plan.exposures.map(({ begins_ns, ends_ns }) => {
      const x = axis.at(begins_ns);
      const end = axis.at(ends_ns ?? Math.max(last, begins_ns));
      const isKnown = ends_ns !== null;
      return svg`<rect class=${isKnown ? "light" : "light unknown"} x=${x} y=${y} width=${Math.max(3, end - x)} height="14" rx="2" />`;
    })}`;
}

/** The marks of the time axis that have room: every edge of a contact, the first and the last in any case. @param {Plan} plan @param {Axis} axis @param {number} y */
function marks(plan, axis, y) {
  const ends = plan.parts.map((part) => part.ends_ns);
  const times = [...new Set([0, ...plan.edges.map((edge) => edge.at_ns), ...ends])].sort((a, b) => a - b);
  const last = times[times.length - 1];
  const width = (/** @type {number} */ ns) => brief(ns).length * LABEL_PX;
  const left = (/** @type {number} */ ns) =>
    Math.max(LEFT, Math.min(RIGHT - width(ns), axis.at(ns) - width(ns) / 2));
  let free = -Infinity;
  const shown = times.filter((ns) => {
    const fits = ns === last || (left(ns) >= free && left(ns) + width(ns) + 6 <= left(last));
    if (fits) free = left(ns) + width(ns) + 6;
    return fits;
  });
  return svg`<path class="axis" d=${`M${LEFT} ${y}H${RIGHT}`} />
    ${times.map((ns) => svg`<path class="axis" d=${`M${axis.at(ns).toFixed(1)} ${y}v5`} />`)}
    ${axis.breaks.map((x) => svg`<path class="break" d=${`M${(x - 4).toFixed(1)} ${y + 5}l4 -10m3 10l4 -10`} />`)}
    ${shown.map((ns) => svg`<text x=${left(ns)} y=${y + 19} class="mark">${brief(ns)}</text>`)}`;
}

/** One frame: FOCUS, SHUTTER, what the sensor sees, and the time. @param {Plan} plan */
export function frameDrawing(plan) {
  if (plan.edges.length === 0) return nothing;
  const axis = axisOf(plan);
  const parts = plan.parts.map((part) => `${part.name} ${brief(part.ends_ns - part.begins_ns)}`);
  return html`<figure class="drawing">
    <svg viewBox="0 0 ${WIDTH} 184" role="img" aria-label=${`One frame: ${parts.join(", ")}`}>
      ${trace(plan, axis, "focus", 20)} ${trace(plan, axis, "shutter", 68)} ${exposures(plan, axis, 116)}
      ${marks(plan, axis, 152)}
    </svg>
    <figcaption>${parts.join(" · ")}${axis.breaks.length ? "; not to scale, shortened at //" : ""}</figcaption>
  </figure>`;
}

/** The frames of the run, from the first to the end. @param {Plan} plan */
export function runDrawing(plan) {
  const { count, length_ns, every_ns } = plan.run;
  if (plan.edges.length === 0 || (count === 1 && length_ns !== null)) return nothing;
  const all = length_ns ?? 8 * every_ns;
  const frames = count || 8;
  const room = RIGHT - LEFT;
  const begins = plan.exposures[0]?.begins_ns ?? 0;
  const last = plan.exposures[plan.exposures.length - 1];
  const exposed = (last?.ends_ns ?? begins) - begins;
  const width = Math.max(2, Math.min((room / frames) * 0.7, (room * exposed) / all));
  const places = Array.from({ length: Math.min(frames, MOST_FRAMES) }, (_, k) =>
    frames <= MOST_FRAMES ? k : Math.round((k * (frames - 1)) / (MOST_FRAMES - 1)),
  );
  const x = (/** @type {number} */ k) => LEFT + ((room - width) * (begins + k * every_ns)) / Math.max(all, 1);
  const end = length_ns === null ? "until stopped" : brief(length_ns);
  return html`<figure class="drawing">
    <svg
      viewBox="0 0 ${WIDTH} 52"
      role="img"
      aria-label=${count ? `A run of ${count} frames` : "A run until it is stopped"}
    >
      <path class="axis" d=${`M${LEFT} 30H${RIGHT}`} />
      ${places.map((k) => svg`<rect class="light" x=${x(k)} y="8" width=${width} height="22" rx="1" />`)}
      <text x=${LEFT} y="46" class="mark">0 s</text>
      <text x=${RIGHT} y="46" class="mark end">${end}</text>
    </svg>
    <figcaption>${count ? `${count} frames` : "Frames"}, one every ${brief(every_ns)}</figcaption>
  </figure>`;
}
