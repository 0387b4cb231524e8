// What the box has recorded: the last runs, and one of them with its frames and its picture.
// Knows rows of the log; changes nothing.

import { html, nothing } from "../vendored/lit-html.js";
import { to } from "../shell.js";
import { state } from "../store.js";
import { brief, capital, dayAndTime, span } from "../words.js";

/** @typedef {import("../types.js").LoggedRun} LoggedRun */

const LOST = ["suspected", "missed", "skipped", "cut", "unknown"];

export function view() {
  return html`<div class="log-view">
    ${state.logText ? html`<p class="refusal">${capital(state.logText)}</p>` : nothing}
    ${state.detail === "" ? list() : one()}
  </div>`;
}

function list() {
  const { runs } = state;
  if (runs === null) return state.logText ? nothing : html`<p role="status">Reading the log…</p>`;
  if (runs.length === 0) return html`<p>No run yet. Runs that the box has taken appear here.</p>`;
  return html`<h2>The last runs</h2>
    <ul class="runs">
      ${[...runs]
        .sort((a, b) => b.run - a.run)
        .map(
          (run) =>
            html`<li>
              <a href=${to(`#log/${run.run}`)}>
                <b>Run ${run.run}</b><span>${dayAndTime(run.started)}</span> <span>${counts(run)}</span
                ><span>${run.outcome ?? "not over"}</span>
              </a>
            </li>`,
        )}
    </ul>`;
}

/** @param {LoggedRun} run */
function counts({ frames }) {
  const parts = Object.entries(frames).filter(([outcome, count]) => count > 0 && outcome !== "intended");
  return parts.length ? parts.map(([outcome, count]) => `${count} ${outcome}`).join(", ") : "no frame";
}

function one() {
  const { run } = state;
  const back = html`<a class="button quiet" href=${to("#log")}>All runs</a>`;
  if (run === null) return html`${back} ${state.logText ? nothing : html`<p role="status">Reading the run…</p>`}`;
  const rows = [
    ["Started", dayAndTime(run.started)],
    ["Ended", `${dayAndTime(run.ended)}, ${run.outcome ?? "not over"}${run.reason ? `: ${run.reason}` : ""}`],
    ["Camera", run.camera],
    ["Frames", `${run.count || "until stopped"}, one every ${brief(run.every_ns)}`],
    ["Taken", counts(run)],
    [
      "Late",
      run.late ? `half by ${ms(run.late.median_ns)}, the worst by ${ms(run.late.max_ns)}` : "no frame was fired",
    ],
  ];
  return html`${back}
    <h2>Run ${run.run}</h2>
    <dl class="facts">
      ${rows.map(
        ([name, text]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
    <figure class="picture" tabindex="0">
      <img
        src=${`/log/${run.run}.svg`}
        alt=${`Picture of run ${run.run}: how late each frame was, and which were lost`}
      />
    </figure>
    ${ledger(run)} ${(run.notes ?? []).map((note) => html`<p class="warning">${capital(note.text)}</p>`)}`;
}

/** @param {LoggedRun} run */
function ledger({ ledger: frames = [] }) {
  if (frames.length === 0) return nothing;
  return html`<table>
    <caption>
      The last frames
    </caption>
    <thead>
      <tr>
        <th scope="col">Frame</th>
        <th scope="col">At</th>
        <th scope="col">Late</th>
        <th scope="col">Outcome</th>
      </tr>
    </thead>
    <tbody>
      ${frames.map(
        (frame) =>
          html`<tr class=${LOST.includes(frame.outcome) ? "lost" : ""}>
            <td>${frame.slots > 1 ? `${frame.slot + 1}–${frame.slot + frame.slots}` : frame.slot + 1}</td>
            <td>${span(frame.at_ns)}</td>
            <td>${frame.late_ns === null ? "" : ms(frame.late_ns)}</td>
            <td>${frame.outcome}${frame.reason ? `: ${frame.reason}` : ""}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {number} ns */
function ms(ns) {
  return `${(ns / 1e6).toFixed(ns < 1e7 ? 2 : 0)} ms`;
}
