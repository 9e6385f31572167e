// What people do for their own account: setting up the second step, and a session that is about to end.
import { createHmac } from "node:crypto";
import { end, expect, look, person, scene, signIn, visitor } from "./scene.mjs";

// The code that an authenticator app shows for a key (RFC 6238), at the demonstration's own time.
function codeOf(key) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(/\s/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(scene.seconds / 30)));
  const tag = createHmac("sha1", seed).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function passPassword(page, email) {
  await page.goto(`${scene.address}/sign-in`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(scene.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Set up your authenticator app" }).waitFor();
}

// Somebody new sets up an app, with every page looked at.
const sam = await visitor();
await passPassword(sam, scene.newcomers[0]);
await look(sam, "set up");
const key = await sam.locator("#key").innerText();
expect(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/.test(key), `the key is not in groups of four: ${key}`);
const picture = await sam.getByRole("img", { name: /QR code/ }).boundingBox();
expect(picture.width >= 200, `the QR code is ${picture.width} px wide`);
await sam.getByLabel("Code", { exact: true }).fill("000000");
await sam.getByRole("button", { name: "Continue" }).click();
await sam.locator(".govuk-error-summary").waitFor();
await look(sam, "set up wrong code");
expect((await sam.locator("#key").count()) === 0, "the key is written out again");
await sam.getByLabel("Code", { exact: true }).fill(codeOf(key));
await sam.getByRole("button", { name: "Continue" }).click();
await sam.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
await look(sam, "recovery codes");
const codes = await sam.locator(".mp-codes li").allInnerTexts();
expect(codes.length === 10, `${codes.length} recovery codes`);
expect(await sam.getByRole("button", { name: "Print this page" }).isVisible(), "the codes cannot be printed by a button");
await sam.emulateMedia({ media: "print" });
expect(await sam.locator(".mp-codes").isVisible(), "the codes are not printed");
expect(!(await sam.getByLabel("I have kept them").isVisible()), "the form is printed");
await sam.emulateMedia({ media: "screen" });
await sam.getByRole("button", { name: "Continue" }).click();
await sam.locator(".govuk-error-summary").waitFor();
await look(sam, "recovery codes not ticked");
await sam.getByLabel("I have kept them").check();
await sam.getByRole("button", { name: "Continue" }).click();
await sam.waitForURL(`${scene.address}/citizen`);

// They lose the app: a recovery code opens setting up another.
await sam.getByRole("button", { name: "Sign out" }).click();
await sam.goto(`${scene.address}/sign-in`);
await sam.getByLabel("E-mail address").fill(scene.newcomers[0]);
await sam.getByLabel("Password", { exact: true }).fill(scene.password);
await sam.getByRole("button", { name: "Show password" }).click();
expect((await sam.locator("#password").getAttribute("type")) === "text", "the password is not shown on request");
await sam.getByRole("button", { name: "Continue" }).click();
await sam.getByRole("link", { name: "I have lost my app" }).click();
await look(sam, "recovery code");
await sam.getByLabel("Recovery code").fill(codes[0].toLowerCase().replaceAll("-", " "));
await sam.getByRole("button", { name: "Continue" }).click();
await sam.getByRole("heading", { name: "Set up your authenticator app" }).waitFor();

// The same without JavaScript.
const alex = await visitor({ javaScriptEnabled: false });
await passPassword(alex, scene.newcomers[1]);
await alex.getByLabel("Code", { exact: true }).fill(codeOf(await alex.locator("#key").innerText()));
await alex.getByRole("button", { name: "Continue" }).click();
expect(!(await alex.getByRole("button", { name: "Print this page" }).isVisible()), "a button shows that does nothing without JavaScript");
await alex.getByLabel("I have kept them").check();
await alex.getByRole("button", { name: "Continue" }).click();
await alex.waitForURL(`${scene.address}/citizen`);
expect((await alex.locator("footer").innerText()).includes("You are signed out after an hour without a click"), "the end is not told");
expect(!(await alex.locator("#session-ends").isVisible()), "the warning shows without JavaScript");

// My account, its mistakes, and the page that asks for a code again.
const grace = await visitor();
await signIn(grace, person("Parent", 0));
await grace.getByRole("link", { name: "My account" }).click();
await look(grace, "my account");
await grace.getByRole("link", { name: "Change (password)" }).click();
await grace.getByRole("button", { name: "Change password" }).click();
await grace.locator(".govuk-error-summary").waitFor();
await look(grace, "change password wrong");
await grace.getByRole("button", { name: "Show password" }).first().click();
expect((await grace.locator("#current-password").getAttribute("type")) === "text", "the password is not shown on request");
await grace.goto(`${scene.address}/account/prove?next=/account/kept/X`);
await look(grace, "new code");
await grace.goto(`${scene.address}/account/leave`);
await grace.getByRole("button", { name: "Leave Milepost" }).click();
await grace.locator(".govuk-error-summary").waitFor();
await look(grace, "leave not ticked");

// Five minutes before the session ends it says so, and one button puts that off; when it has ended it says that.
const warned = await visitor();
await warned.clock.install();
await signIn(warned, person("Parent", 1));
const dialog = warned.getByRole("dialog");
await warned.clock.fastForward("54:00");
expect(!(await dialog.isVisible()), "the warning comes too early");
await warned.clock.fastForward("01:30");
await dialog.waitFor();
expect((await dialog.innerText()).includes("You will be signed out soon"), await dialog.innerText());
expect((await dialog.innerText()).includes("in 5 minutes"), `how long is left is not told: ${await dialog.innerText()}`);
const focused = () => warned.evaluate(() => document.activeElement?.closest("dialog")?.id);
expect((await focused()) === "session-ends", "the warning is not focused");
await look(warned, "session ends soon");
await dialog.getByRole("button", { name: "Stay signed in" }).click();
await dialog.waitFor({ state: "hidden" });
await warned.clock.fastForward("54:00");
expect(!(await dialog.isVisible()), "staying did not put the end off");
await warned.clock.fastForward("01:30");
await dialog.waitFor();
await warned.keyboard.press("Escape");
await dialog.waitFor({ state: "hidden" });
await warned.clock.fastForward("04:00");
await dialog.waitFor();
await warned.clock.fastForward("02:00");
await dialog.getByRole("heading", { name: "You have been signed out" }).waitFor();
expect(!(await dialog.getByRole("button", { name: "Stay signed in" }).isVisible()), "staying is offered after the end");
await look(warned, "session ended");
await dialog.getByRole("button", { name: "Back to the page" }).click();
await dialog.waitFor({ state: "hidden" });
await end();
