import type { Settings } from './settings.ts';
import { readSettings } from './settings.ts';

/** Reads the tag that loaded this script. undefined: there is none, so that nobody said where the hub is. */
export function readScriptTag(): Settings | undefined {
  // Modules and some loaders have no current script.
  const tag = document.currentScript ?? document.querySelector('script[data-domain][src*="vedette"]');
  if (!(tag instanceof HTMLScriptElement)) return undefined;
  const { src, integrity, nonce } = tag;
  const get = (name: string) => Element.prototype.getAttribute.call(tag, name);
  const language = document.documentElement.lang || navigator.language || 'en';
  return readSettings({ src, integrity, nonce, get }, location.hostname, language);
}

/** An element that loads something, with the nonce of our own tag. */
export function loadScript(src: string, nonce: string): void {
  const element = document.createElement('script');
  element.async = true;
  element.nonce = nonce;
  element.src = src;
  document.head.append(element);
}

/** `integrity`: hash of the styles; it binds only where our own tag has one. */
export function styleLink({ styles, pinned, nonce }: Settings, integrity: string): HTMLLinkElement {
  const element = document.createElement('link');
  element.rel = 'stylesheet';
  element.nonce = nonce;
  element.crossOrigin = 'anonymous';
  if (pinned) element.integrity = integrity;
  element.href = styles;
  return element;
}
