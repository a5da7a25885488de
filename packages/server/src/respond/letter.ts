import { escapeHtml } from '../flow/escape-html.ts';
import type { Letter, LetterLanguage } from '../model/letter.ts';
import type { Mail } from '../model/mail.ts';
import { LETTER_WORDS } from './letter-words.ts';

/** A name longer than this is cut: what people call themselves is not for carrying texts of their own. */
const LONGEST_NAME = 80;

type Values = Readonly<Record<string, string>>;

/** Puts a letter into words: a subject of one line, and the same text plain and as HTML that loads nothing. */
export function writeLetter(letter: Letter, language: LetterLanguage): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { linkHint, [letter.kind]: words } = LETTER_WORDS[language];
  const values = valuesOf(letter, language);
  const filled = (text: string) => fill(text, values);
  const link = words.button === '' ? '' : letter.link;
  return {
    subject: filled(words.subject),
    text: plainText([
      ...words.before.map(filled),
      ...(link === '' ? [] : [`${words.button}:\n${link}`]),
      ...words.after.map(filled),
    ]),
    html: page(
      language,
      filled(words.title),
      [
        ...words.before.map((text) => paragraph(filled(text))),
        ...(link === '' ? [] : [button(words.button, link)]),
        ...words.after.map((text) => paragraph(filled(text))),
        ...(link === '' ? [] : [small(linkHint, link)]),
      ].join('\n'),
    ),
  };
}

function valuesOf(letter: Letter, language: LetterLanguage): Values {
  switch (letter.kind) {
    case 'invitation':
      return {
        tenant: name(letter.tenant),
        inviter: name(letter.inviter) || LETTER_WORDS[language].operator,
        role: LETTER_WORDS[language].roles[letter.role] ?? letter.role,
        expires: time(letter.expiresAt, language),
      };
    case 'password-reset':
      return { minutes: String(letter.minutes) };
    case 'password-changed':
      return { at: time(letter.at, language), link: letter.link };
    case 'email-change':
      return { expires: time(letter.expiresAt, language) };
    case 'email-taken':
      return {};
    case 'email-asked':
    case 'email-changed':
      return { at: time(letter.at, language), email: letter.email, link: letter.link };
    default:
      return { at: time(letter.at, language), name: name(letter.name), link: letter.link };
  }
}

/** Values are put in once, so that a name that looks like `{link}` stays a name. */
function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** One line of a bounded length, without what makes text run backwards or hide. */
function name(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const letters = [...line];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : line;
}

/** English as the dashboard writes it, which nobody takes for another day or half of one. */
const LOCALES: Readonly<Record<LetterLanguage, string>> = { en: 'en-GB', de: 'de-DE' };

/** Whoever reads it may be anywhere, and a mail has no zone of its own, so UTC is said. */
function time(ms: number, language: LetterLanguage): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(ms)} UTC`;
}

function plainText(paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n')}\n\n--\u0020\nVedette\n`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
}

function button(label: string, link: string): string {
  const style =
    'display:inline-block;padding:10px 18px;border-radius:6px;background:#17356b;color:#ffffff;text-decoration:none;font-weight:600';
  return `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="${style}">${escapeHtml(label)}</a></p>`;
}

function small(hint: string, link: string): string {
  const style = 'margin:24px 0 0;font-size:13px;color:#555f70;word-break:break-all';
  return `<p style="${style}">${escapeHtml(hint)}<br>${escapeHtml(link)}</p>`;
}

function page(language: LetterLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:24px;background:#f4f6fa">
<div style="max-width:560px;margin:0 auto;padding:28px;border-radius:10px;background:#ffffff;color:#1a2233;font:16px/1.5 system-ui,sans-serif">
<h1 style="margin:0 0 16px;font-size:21px;line-height:1.3">${escapeHtml(title)}</h1>
${body}
</div>
</body>
</html>
`;
}
