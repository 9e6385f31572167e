// Follows the links from each person's start page and looks at every kind of page that it finds.
import { end, expect, fault, look, person, scene, signIn, visitor } from "./scene.mjs";

// Pages of one kind differ by their ids alone; so many of each are looked at.
const OF_A_KIND = 2;
// One of each deed is enough: its form is the same for every involvement.
const DEEDS_OF_A_KIND = 1;

function kind(url) {
  const deed = url.pathname.match(/\/do\/([a-z-]+)/);
  if (deed) return `/do/${deed[1]}`;
  const path = url.pathname.replaceAll(/\/[0-9A-HJKMNP-TV-Z]{26}/g, "/ID").replaceAll(/\/\d+(?=\/|$)/g, "/NO");
  return path + (url.search ? "?" + [...url.searchParams.keys()].sort().join("&") : "");
}

// Staff share most pages: what one of them met, the next need not look at again.
const metByStaff = new Map();

// A role's pages from its start page on, each by its links.
async function walk(page, role, start) {
  const met = role === "Parent" ? new Map() : metByStaff;
  const waiting = [new URL(start, scene.address)];
  const queued = new Set([waiting[0].href]);
  while (waiting.length) {
    const url = waiting.shift();
    const sort = kind(url);
    const seen = met.get(sort) ?? 0;
    if (seen >= (sort.startsWith("/do/") ? DEEDS_OF_A_KIND : OF_A_KIND)) continue;
    met.set(sort, seen + 1);
    const answer = await page.goto(url.href);
    if (answer.status() !== 200) {
      fault(`${role}: the link to ${url.pathname} was answered with ${answer.status()}`);
      continue;
    }
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    await look(page, `${role} ${sort}${seen ? ` ${seen + 1}` : ""}`);
    if (url.pathname.includes("/do/") || url.pathname.endsWith("/open") || url.pathname.endsWith("/new")) {
      await sendEmpty(page, `${role} ${sort} empty`, seen);
      await page.goto(url.href);
    }
    const links = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href));
    for (const link of links.map((link) => new URL(link))) {
      link.hash = "";
      if (link.origin === new URL(scene.address).origin && !queued.has(link.href)) {
        queued.add(link.href);
        waiting.push(link);
      }
    }
  }
  return met;
}

// The form with its text taken out: it says what is missing, or does what it may do without it.
async function sendEmpty(page, name, seen) {
  if (seen) return;
  for (const field of await page.locator("main input[type=text], main textarea").all()) await field.fill("");
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForLoadState();
  if (await page.locator(".govuk-error-summary").count()) {
    await look(page, name);
    const focused = await page.evaluate(() => document.activeElement?.className ?? "");
    expect(focused.includes("govuk-error-summary"), `${name}: the summary of mistakes is not focused`);
    expect((await page.title()).startsWith("Error: "), `${name}: the title does not say that there is a mistake`);
  }
}

const anyone = await visitor();
for (const path of ["/", "/help", "/privacy", "/accessibility", "/sign-in", "/nothing-here"]) {
  await anyone.goto(scene.address + path);
  await look(anyone, `visitor ${path}`);
}
await anyone.goto(`${scene.address}/sign-in`);
await anyone.getByLabel("E-mail address").fill("nobody@northmoor.example");
await anyone.getByLabel("Password", { exact: true }).fill("wrong");
await anyone.getByRole("button", { name: "Continue" }).click();
await anyone.locator(".govuk-error-summary").waitFor();
await look(anyone, "visitor sign-in refused");

for (const [role, start] of [["Caseworker", "/office"], ["SendManager", "/office/timelines"], ["Parent", "/citizen"], ["PortalAdministrator", "/office/timelines"]]) {
  const page = await visitor();
  await signIn(page, person(role), role === "Caseworker" ? () => look(page, "sign-in code") : undefined);
  const met = await walk(page, role, start);
  const least = { Caseworker: 20, Parent: 3 }[role] ?? 0;
  expect(met.size >= least, `${role}: only ${[...met.keys()].join(", ")}`);
  if (role === "Parent") {
    await page.goto(`${scene.address}/office`);
    await look(page, "parent not found");
    expect(!(await page.content()).includes("Work tray"), "a parent is told of the work tray");
  }
}
await end();
