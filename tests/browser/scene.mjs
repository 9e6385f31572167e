// What the stories share: a browser, people who sign in, and a look at each page.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const scene = JSON.parse(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// What is wrong, and the places where it was met.
const faults = new Map();
let pictured = 0;

mkdirSync(scene.pictures, { recursive: true });
export const browser = await chromium.launch({
  executablePath: scene.chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
});

export function fault(text, place = "") {
  faults.set(text, [...(faults.get(text) ?? []), place]);
}

export function expect(holds, text) {
  if (!holds) fault(text);
}

// A fresh browser of somebody's; what goes wrong in it is a fault of the page it shows.
export async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "Asia/Kolkata", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on("console", (message) => {
    // A status that the story asked for is not a fault.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) fault(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => fault(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(scene.address)) fault(`${page.url()} asks another site: ${request.url()}`);
  });
  return page;
}

export function person(role, number = 0) {
  return scene.people.filter((person) => person.role === role)[number];
}

// Signs in with both steps, as people do. A person's code works once, so each story signs each person in once.
export async function signIn(page, who, look = async () => {}) {
  await page.goto(`${scene.address}/sign-in`);
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(scene.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Code").waitFor();
  await look();
  await page.getByLabel("Code").fill(`${who.code.slice(0, 3)} ${who.code.slice(3)}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

// Looks at the page as it stands: axe, one heading, nothing sideways on a telephone, and a picture of each width.
export async function look(page, name) {
  // Everything that is folded away is part of the page.
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  for (const [width, height] of [[1280, 900], [320, 640]]) {
    await page.setViewportSize({ width, height });
    const place = `${name} at ${width} px (${new URL(page.url()).pathname})`;
    await page.evaluate(axe + "; true");
    const found = await page.evaluate(() =>
      axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    for (const violation of found.violations) {
      for (const node of violation.nodes) fault(`${violation.id}: ${violation.help}: ${node.html.slice(0, 160)}`, place);
    }
    const wide = await page.evaluate(() => {
      const over = document.scrollingElement.scrollWidth - window.innerWidth;
      const inScroller = (element) => element.closest(".mp-scroll, .mp-graph, .mp-source, svg, .govuk-visually-hidden");
      const culprit = [...document.body.querySelectorAll("*")].find(
        (element) => element.getBoundingClientRect().right > window.innerWidth + 1 && !inScroller(element),
      );
      return over > 0 ? `${over} px too wide: ${culprit?.outerHTML.slice(0, 160)}` : "";
    });
    if (wide) fault(wide, place);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, input:not([type=hidden]), select, .mp-tags a")]
        .filter((element) => element.offsetParent && Math.min(element.offsetWidth, element.offsetHeight) < 24)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    for (const target of small) fault(`smaller than 24 px: ${target}`, place);
    const headings = await page.locator("h1").count();
    if (headings !== 1) fault(`${headings} headings of the first level`, place);
    const file = `${scene.pictures}/${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}-${width}.png`;
    await page.screenshot({ path: file, fullPage: true });
    pictured += 1;
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

// A story that cannot go on says where it stood.
process.on("unhandledRejection", (error) => stop(error));
process.on("uncaughtException", (error) => stop(error));
async function stop(error) {
  console.log(error.stack);
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    console.log(`\n${page.url()}\n${await page.locator("main").innerText({ timeout: 1000 }).catch(() => "")}`);
  }
  report();
  process.exit(1);
}

export async function end() {
  await browser.close();
  if (report()) process.exit(1);
  console.log(`${pictured} pictures, no fault`);
}

function report() {
  const lines = [...faults].map(([text, places]) => `  ${text}\n      ${places[0]}${places.length > 1 ? ` and ${places.length - 1} more` : ""}`);
  if (lines.length) console.log(`${lines.length} faults:\n${lines.join("\n")}`);
  return lines.length > 0;
}
