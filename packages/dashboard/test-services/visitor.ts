import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { totpCode, totpStep } from '../../server/src/model/totp.ts';

/** What the journeys do by the screens, as a person does. */

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/** Types address and password on the log-in screen; what comes then is the caller's to look at. */
export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await heading(page, 'Log in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Is inside: the menu of the person says who. */
export const inside = (page: Page, name: string) =>
  page.getByRole('button', { name: `${name}: account, theme, log out` }).waitFor();

async function fromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /: account, theme, log out$/ }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

export async function logOut(page: Page): Promise<void> {
  await fromMenu(page, 'Log out');
  await heading(page, 'Log in');
}

export async function openAccount(page: Page): Promise<void> {
  await fromMenu(page, 'Your account');
  await heading(page, 'Your account');
}

/** Chooses what can be done with a row of a table. */
export async function choose(page: Page, row: string | RegExp, action: string): Promise<void> {
  await page
    .getByRole('row', { name: row })
    .getByRole('button', { name: /^Actions: / })
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** What is said of what was just done. */
export const toast = (page: Page, words: string) => page.locator('.toast-words', { hasText: words }).waitFor();

/** Copies the secret that a dialog shows this once; fails where the clipboard has another. */
export async function copyShown(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: title, exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await dialog.locator('.command code').innerText());
  return copied;
}

/** An authenticator app: codes of the secret that was typed into it, each of a later step than the one before. */
export function authenticatorApp(secret: string): () => string {
  const bytes = fromBase32(secret);
  let last = -1;
  return () => {
    // The hub takes the code of the next step too, so that none has to be waited for.
    last = Math.max(last + 1, totpStep(Date.now()) - 1);
    return totpCode(bytes, last);
  };
}

function fromBase32(text: string): Uint8Array {
  const bits = [...text.replaceAll(/[\s=]/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from(bits.match(/[01]{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** Gives the browser a device that keeps passkeys and knows its owner. It is asked by the button only. */
export async function addPasskeyDevice(page: Page): Promise<void> {
  // It would take an offer at once, and nobody could stay logged out.
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
