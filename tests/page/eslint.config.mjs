// The rules for the page's JavaScript; what types can tell is TypeScript's.
const browser = [
  ...["addEventListener", "clearTimeout", "crypto", "document", "fetch", "history", "localStorage", "location"],
  ...["performance", "requestAnimationFrame", "scrollTo", "setInterval", "setTimeout"],
  ...["AbortController", "EventSource", "HTMLElement", "Intl"],
];

export default [
  { ignores: ["static/vendored/**"] },
  {
    files: ["static/**/*.js"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: true },
    rules: {
      "consistent-return": "off",
      "default-case-last": "error",
      eqeqeq: "error",
      "max-depth": ["error", 3],
      "max-lines": ["error", 300],
      "no-alert": "error",
      "no-console": "error",
      "no-constant-binary-expression": "error",
      "no-dupe-keys": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "off",
      "no-shadow": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-await": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text from the box goes through lit's bindings only." },
        { property: "outerHTML", message: "Text from the box goes through lit's bindings only." },
        { property: "insertAdjacentHTML", message: "Text from the box goes through lit's bindings only." },
      ],
    },
  },
];
