// What people do, from the first click to the last.
import { browser, end, expect, look, person, scene, signIn, visitor } from "./scene.mjs";

const heading = (page) => page.locator("h1").innerText();

async function addChild(page, given, family) {
  await page.goto(`${scene.address}/office/children/new`);
  await page.getByLabel("Given name").fill(given);
  await page.getByLabel("Family name").fill(family);
  await page.getByLabel("Day", { exact: true }).fill("31");
  await page.getByLabel("Month", { exact: true }).fill("5");
  await page.getByLabel("Year", { exact: true }).fill("2019");
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForLoadState();
}

async function openInvolvement(page, day, month, year) {
  await page.locator("main a[href$='/open']").click();
  await page.getByLabel("EHC needs assessment", { exact: true }).check();
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForLoadState();
  await page.getByLabel("Day", { exact: true }).fill(day);
  await page.getByLabel("Month", { exact: true }).fill(month);
  await page.getByLabel("Year", { exact: true }).fill(year);
  await page.getByLabel("Parent or carer").check();
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForLoadState();
}

// A caseworker adds a child, opens an involvement in the past, writes a note and finds the child in the work tray.
const priya = await visitor();
await signIn(priya, person("Caseworker", 0));
expect((await heading(priya)).length > 0, "the office has a heading");
await addChild(priya, "Zebedee", "O’Malley-Ṅguyễn");
expect((await heading(priya)).includes("Zebedee"), `after adding a child: ${await heading(priya)}`);
await openInvolvement(priya, "2", "2", "2026");
expect(priya.url().includes("/office/involvements/"), `after opening an involvement: ${priya.url()}: ${await priya.locator("main").innerText()}`);
const involvement = priya.url();
await look(priya, "story involvement opened");
expect((await priya.locator("main").innerText()).includes("16 March 2026"), "six weeks from 2 February is 16 March");

await priya.getByRole("link", { name: "Add a note" }).click();
await priya.locator("main textarea").first().fill("Spoke with the family. <b>Not bold</b>");
await priya.locator("main form button[type=submit]").first().dblclick();
await priya.waitForURL(involvement);
const notes = await priya.getByText("Spoke with the family.").count();
expect(notes === 1, `a double click noted it ${notes} times`);
expect((await priya.locator("main").innerText()).includes("<b>Not bold</b>"), "what was typed is shown as text");

await priya.goto(`${scene.address}/office?q=Zebedee`);
expect((await priya.locator("main").innerText()).includes("Zebedee"), "the search finds the child");
await look(priya, "story tray searched");

// Two caseworkers at once: the second is shown what is new and keeps what they typed.
const tom = await visitor({ javaScriptEnabled: false });
await signIn(tom, person("Caseworker", 1));
await tom.goto(`${involvement}/do/note`);
await tom.locator("main textarea").first().fill("Tom's own words");
await priya.goto(`${involvement}/do/assign`);
await priya.locator("main form button[type=submit]").first().click();
await priya.goto(`${involvement}/do/note`);
await priya.locator("main textarea").first().fill("Priya was quicker");
await priya.locator("main form button[type=submit]").first().click();
await priya.waitForURL(involvement);
await tom.locator("main form button[type=submit]").first().click();
await tom.waitForLoadState();
const after = await tom.locator("main").innerText();
if (tom.url() !== involvement) {
  expect((await tom.locator("main textarea").first().inputValue()) === "Tom's own words", `Tom's text is gone: ${after}`);
  await tom.locator("main form button[type=submit]").first().click();
  await tom.waitForURL(involvement);
}
expect((await tom.locator("main").innerText()).includes("Tom's own words"), "Tom's note is there, without JavaScript");

// A parent follows their child and finds nothing of any other.
const grace = await visitor();
await signIn(grace, person("Parent", 0));
const first = grace.locator("main a[href^='/citizen/involvements/']").first();
if (await first.count()) {
  await first.click();
  await grace.waitForLoadState();
}
await look(grace, "story progress");
await grace.reload();
await grace.emulateMedia({ media: "print" });
expect(await grace.locator(".govuk-details__text").first().isVisible(), "why a date is what it is is not printed");
expect(!(await grace.locator("footer").isVisible()) && !(await grace.locator("header").isVisible()), "a printed page has no chrome");
await grace.screenshot({ path: `${scene.pictures}/story-progress-printed.png`, fullPage: true });
await grace.emulateMedia({ media: "screen" });
const answer = await grace.goto(involvement);
expect(answer.status() === 404, `a parent asks for an involvement of the office: ${answer.status()}`);
const theirs = await grace.goto(involvement.replace("/office/", "/citizen/"));
expect(theirs.status() === 404, `a parent asks for another family's progress: ${theirs.status()}`);

// By keyboard alone: the first key shows the way past the navigation.
await grace.goto(`${scene.address}/citizen`);
await grace.keyboard.press("Tab");
expect((await grace.evaluate(() => document.activeElement?.textContent ?? "")).includes("Skip to main content"), "the first Tab skips");
await grace.keyboard.press("Enter");
expect(grace.url().endsWith("#main-content"), "the skip link leads to the main part");

// Signing out leaves nothing to go back to.
await grace.getByRole("button", { name: "Sign out" }).click();
await grace.waitForURL(`${scene.address}/`);
expect((await grace.context().cookies()).length === 0, "a cookie is left");
await grace.goBack();
expect(!(await grace.content()).includes("Signed in as"), "Back shows a page of somebody signed in");

// A mistake's link leads into its field.
await priya.goto(`${involvement}/do/note`);
await priya.getByLabel("Day", { exact: true }).fill("31");
await priya.getByLabel("Month", { exact: true }).fill("2");
await priya.locator("main form button[type=submit]").first().click();
await priya.locator(".govuk-error-summary a").first().click();
expect((await priya.evaluate(() => document.activeElement?.name)) === "on-day", "the link of a wrong date does not lead into its field");

// With the scripts failing, the work goes on.
const broken = await visitor();
await broken.route("**/*.mjs", (route) => route.abort());
await broken.goto(`${scene.address}/sign-in`);
await broken.getByLabel("E-mail address").fill("nobody@northmoor.example");
await broken.getByRole("button", { name: "Continue" }).click();
expect((await broken.locator("main").innerText()).includes("There is a problem"), "sign-in answers without its scripts");
expect(browser.isConnected(), "the browser lives");
await end();
