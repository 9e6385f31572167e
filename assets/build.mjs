// Compiles the style sheet and gathers the scripts into assets/dist, which the program embeds.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const out = "assets/dist";
mkdirSync(out, { recursive: true });
const { css } = compile("assets/app.scss", {
  loadPaths: [".", "node_modules", "node_modules/govuk-frontend/dist"],
  style: "compressed",
  quietDeps: true,
  silenceDeprecations: ["import", "if-function"],
});
if (css.includes("GDS Transport")) throw new Error("the GDS Transport font is licensed for gov.uk alone");
writeFileSync(`${out}/app.css`, css);
copyFileSync("assets/app.mjs", `${out}/app.mjs`);
copyFileSync("assets/favicon.svg", `${out}/favicon.svg`);
copyFileSync("node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js", `${out}/govuk-frontend.min.js`);
console.log(`assets/dist: app.css ${Math.round(css.length / 1024)} kB`);
