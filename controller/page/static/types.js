// The shapes that the page's server sends, and those of the page's own state, for the checker only.
// Nothing runs here, and no browser loads this file.

/**
 * @typedef {object} Run
 * @property {number} slot
 * @property {number | null} taking
 * @property {number} count
 * @property {number} every_ns
 * @property {number} fired
 * @property {number | null} confirmed
 * @property {number | null} [suspected]
 * @property {number | null} missed
 * @property {number} skipped
 * @property {number | null} next_in_ns
 * @property {number} elapsed_ns
 * @property {number | null} ends_in_ns
 * @property {string | null} ends_at
 * @property {string | null} waits
 * @property {number | null} exposure_ns
 * @property {number} trim
 * @property {{number: number, of: number, change: string, sixths: number} | null} step
 */

/**
 * @typedef {object} Status
 * @property {string} focus
 * @property {string} release
 * @property {boolean} lock
 * @property {Record<string, string>} lines
 * @property {Record<string, string>} lamps
 * @property {string} camera
 * @property {string | null} model
 * @property {boolean | null} back_button_focus
 * @property {string} drive
 * @property {string} mode
 * @property {boolean} interlock
 * @property {string[]} warnings
 * @property {string | null} fault
 * @property {string[]} unsaved
 * @property {boolean} bench
 * @property {Run | null} run
 * @property {number} now_ns
 * @property {{elapsed_ns: number, asked_ns: number} | null} exposing
 */

/**
 * @typedef {object} Says
 * @property {string} state
 * @property {string} camera
 * @property {string | null} run
 * @property {string | null} frame
 * @property {string | null} next
 * @property {string | null} ends
 * @property {string | null} exposure
 * @property {string | null} [step]
 * @property {string | null} [off]
 * @property {string | null} mirror
 * @property {string | null} sync
 * @property {string | null} hint
 * @property {string | null} last
 */

/**
 * @typedef {{status: Status, says: Says, phones: number, now_ns: number}} BoxState
 * @typedef {{kind: string, text: string, values?: Record<string, string>, outcome?: string}} BoxEvent
 */

/**
 * @typedef {object} Setting
 * @property {string} key
 * @property {string} value
 * @property {string} default
 * @property {string} allowed
 * @property {string[]} choices
 * @property {string} help
 * @property {string} origin
 * @property {boolean} restart
 * @property {boolean} shapes_run
 */

/**
 * @typedef {{local: string, is_trusted: boolean, remark: string | null}} Clock
 * @typedef {{name: string, built_in: boolean, number: number | null, does: string}} Preset
 * @typedef {{presets: Preset[], faults: string[], last: string | null}} Presets
 * @typedef {{name: string, number: number}} Phone
 */

/**
 * @typedef {object} Sun
 * @property {string} [date]
 * @property {string} [zone]
 * @property {string | null} [dawn]
 * @property {string | null} [sunrise]
 * @property {string | null} [sunset]
 * @property {string | null} [dusk]
 * @property {boolean | null} is_down
 * @property {number | null} changes_in_ns
 * @property {string} text
 */

/**
 * @typedef {object} Plan
 * @property {string[]} lines
 * @property {{at_ns: number, line: string, closed: boolean}[]} edges
 * @property {boolean} focus_is_held
 * @property {{name: string, begins_ns: number, ends_ns: number}[]} parts
 * @property {{begins_ns: number, ends_ns: number | null}[]} exposures
 * @property {{count: number, every_ns: number, starts_in_ns: number | null, length_ns: number | null,
 *   starts: string | null, ends_in_ns: number | null, ends_at: string | null, is_trusted: boolean}} run
 * @property {object | null} ramp
 * @property {string[]} warnings
 * @property {string[]} refusals
 */

/**
 * @typedef {object} Frame
 * @property {number} slot
 * @property {number} slots
 * @property {number} at_ns
 * @property {string} outcome
 * @property {string | null} reason
 * @property {number | null} late_ns
 * @property {number | null} lag_ns
 */

/**
 * @typedef {object} LoggedRun
 * @property {number} run
 * @property {string | null} started
 * @property {string | null} ended
 * @property {string | null} outcome
 * @property {string | null} reason
 * @property {number} every_ns
 * @property {number} count
 * @property {string} camera
 * @property {Record<string, number>} frames
 * @property {{median_ns: number, p99_ns: number, max_ns: number} | null} late
 * @property {Frame[]} [ledger]
 * @property {{kind: string, text: string}[]} [notes]
 */

/**
 * @typedef {{name: string, brand: string, profile: string, usable: boolean, confidence: string, why: string}} Body
 * @typedef {{choice: Body | null, fitting: Body[], near: Body[], text: string}} Found
 * @typedef {{id: string, connector: string, body: {model: string} | null,
 *   guide: {head: string[], menu: string[], advice: string[], usable: boolean, why: string}}} CameraFacts
 */

/**
 * @typedef {{kind: string, set: string[], closes: string, looks_for: string[], cannot: boolean,
 *   asks: {name: string, text: string, most: number | null}[]}} Question
 * @typedef {{state: "none" | "asking" | "playing" | "over", number: number, asked: number, question: Question | null,
 *   needs_press: boolean, said: string[], contradictions: string[], text: string,
 *   part: string, parts: {name: string, text: string, answers: number}[]}} Proof
 * @typedef {{text: string,
 *   judged: {key: string, value: string, before: string, how: string, is_taken: boolean}[],
 *   states: {key: string, value: string}[]}} Proven
 */

/**
 * What a person has entered for a setting and the box does not have yet.
 * `was` is the value that the person saw, `sent` the text on its way, `trouble` why the box did not take it.
 * @typedef {{was: string, text: string, sent: string | null, trouble: string | null, isElsewhere: boolean}} Draft
 */

/** @typedef {import("./vendored/lit-html.js").TemplateResult | import("./vendored/lit-html.js").SVGTemplateResult | string | symbol} View */

/** @typedef {"opening" | "live" | "lost" | "offline" | "unpaired"} Link */

export {};
