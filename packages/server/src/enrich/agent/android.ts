import type { DeviceType } from '../../model/enrichment.ts';

/*
 * Android says "Mobile" on phones and leaves it out on tablets. Apps, web views, older browsers and "desktop site" do
 * otherwise, and televisions say either; so the model's name has the first word, by what makers put into such names:
 * the kind of thing ("Tab", "TV"), the maker's own series, or the size in inches as the head of a number.
 */

const LOCALE = '(?:[a-z]{2,3}(?:[-_][a-z]{2,4})? ?; *)?';
const MODEL = new RegExp(
  `android[ /-]?[\\w.]{0,12} *(?:;|##) *(?:u ?; *)?${LOCALE}(?:samsung[ -])?([^;)]{0,80}?) *(?: build[/ ]| applewebkit|;|\\)|##|$)`,
  'i',
);

const anyOf = (...sources: string[]) => new RegExp(sources.join('|'), 'i');
const TV_INCHES = '(?:19|22|24|28|32|39|40|42|43|48|49|50|55|58|60|65|70|75|77|82|85|86|98)';

const COMPUTER = anyOf(
  'chromebook|pixelbook|inspiron|travelmate|elitebook|latitude \\d|vostro|satellite|\\baspire|easynote|thinkpad|probook',
  'pavilion|compaq|netbook|notebook\\b|\\b2in1|remix mini|\\baio\\b|\\ball-in-one',
);

const PHONE = anyOf(
  '^(?:rmx|cph|v\\d{4}|p[a-z]{3}\\d0|m20\\d\\d|sm-[acefgjmnsw]\\d|sm-\\d{3}|gt-[is]\\d|gt-n7[01]|s[cg]h-|sph-|lg-[a-tx-z])',
  '^(?:moto|xt\\d{4}|redmi(?! pad)|mi \\d|oneplus|nokia|infinix|tecno (?!p70|dp)|iphone|pixel(?! c| tablet)|nexus [456s]\\b)',
  '^(?:htc[ _](?!flyer|a101)|vivo\\b|oppo|realme|asus_[txz]0|padfone|archos ?[3456]\\d|stv100|honor|vs\\d{3}|adr\\d|iris)',
  '^[a-z]{3}-(?:l[nx]\\d|t[ln]\\d)|\\bphone\\b|padfone|coolpad|visionbook',
);

/** Televisions and boxes by name, whatever else is said. */
const SCREEN = anyOf(
  '\\bled[-_ ]?\\d\\d|\\d\\dled|[-_]led\\d|\\buhd|android ?tv|smart ?tv|google ?tv|\\bmi ?tv|mibox|mi box|(?<!\\bb|d|le)tv\\b',
  'tv[_ ](?!\\d\\d\\b)|tv ?box|\\bott\\b|\\bstb\\b|set-?top|bravia|\\baft[a-z]{1,5}\\d{0,3}\\b|chromecast|projector|[_ ]shell[_ ]',
  `^${TV_INCHES} ?(?:[a-z]{1,4}[_ -]?\\d)|[-_ ]${TV_INCHES}[a-z]{1,4}\\d{2}|^[a-z]{1,4}${TV_INCHES}[a-z]{1,4}\\d{2}`,
  '^polar(?:line)?[_-]|^hty-|nexus player|magentatv|^(?:x96|x92|x88|t95|h96|mxq|hk1|a95x|mxiii|km\\d\\b)|tanix|mecool|ugoos|beelink',
  'minix|vontar|transpeed|magicsee|zidoo|dreamtv|rombica|formuler',
);
/** Weaker marks of the same, for browsers that do not call themselves mobile. */
const LARGE = anyOf(
  `box|stick|^t(?:x|ox)[1-9]|\\b4k|4k\\b|[48]k[-_ ]|fhd|(?:^|[a-z_-])${TV_INCHES}[a-z]{1,4}\\d|cinema|\\blex\\b|s905`,
  '\\bouya|kant-|xgimi|\\bneo[- ]|vorke|^m8s|^mk\\d|proj',
);

const TABLET = anyOf(
  // The kind of thing.
  'tab(?!le\\b|an\\b)|pad(?!ua)|\\bpads?\\b|kindle|\\bmid\\b|^mid[-_\\d]|-mid\\d|\\bwi-?fi\\b|\\bkids?\\b|tpc|\\biplay|e-?book',
  'pocketbook|ideabook|reader|tolino|nook|\\bbntv|onda\\b|teclast|chuwi|xoom|transformer|iconia|\\bvenue|xelio|\\bslate (?!6)',
  '\\bboox|readboy|\\bypy\\b',
  // Samsung, Google, Amazon, Sony.
  '^sm-[tpx]\\d|^gt-[pn](?!7[01])\\d{3,4}|^n(?:51|80)\\d\\d|^shw-m[345]8|^sc-0[16][cd]$|nexus (?:7|9|10)\\b|pixel (?:c|tablet)',
  '^kf[a-z]{2,5}\\b|^sgpt?\\d',
  // Lenovo, Huawei and Honor, Asus, Acer, LG, Alcatel, Xiaomi, OnePlus and Oppo, Toshiba, Archos, RCA, HP.
  '^(?:lenovo[ _])?(?:tb|yt|b[68]0)[-_]?[\\dxj]|^lenovo (?:yoga|a[1357]\\d00-)|^lnv-',
  '^(?:sht|bah|ags|cmr|kob|jdn|vrd|mrx|scm|dby|got|bg2|agr|agm|btv|mon|hdl|bzt|bzk|bzd|pce|brt|cpn)\\d?-|-w[0-2]9\\b',
  '^(?:k0\\w{1,3}|p0\\w{1,3}|me\\d{3}|tf\\d{3})\\b|^[ab][13]-[78a]\\w\\d|^lg-[vu][k\\d]\\d\\d|^lg-(?:lk|p490)',
  '^(?:80[6-9]\\d|90(?:0[5679]|[1-3]\\d)|9[12]\\d\\d)[a-z]?\\b|^2\\d{3,4}[0-9a-z]?rp\\d|^opd\\d',
  '^at\\d{3}\\b|^archm?\\w?[789]|archos ?(?:[789]\\d|1\\d\\d)|^rct\\d|\\bhp (?:slate )?(?:[78]|10)\\b|^htc (?:flyer|a101)|^tecno (?:p70|dp)',
  // Prestigio, Irbis, BQ, Digma ("TS7198PG"), Ritmix, Gulli, Nomi, and the common form of Teclast, Alldocube and others.
  '^pmt?p?\\d|^tz\\d{2,3}|^bqs?[- ]?(?:[789]|10)\\d{2}|[a-z]{2}(?:[789]\\d{3}|1[0-2]\\d{2,3})[mpr][glw]\\b|^(?:mfc|rmd)-?\\d',
  'nomi_c(?:07|08|10)|^[ptm]\\d\\d(?:hd|plus|pro|[st])?(?:[_-](?:eea|row))?$|^[a-z]\\d\\d(?:hd|plus|pro|[a-z]{1,2})?[_-](?:eea|row)',
  // The size as the head of a number: "QS0716D", "BQ-7022G", "Tornado 785 3G".
  '^[a-z]{1,4}0[789]\\d{2}[a-z]?$|(?:^|[^\\d.])(?:[789]\\d{3}|10\\d{2})[glw]\\b|(?:^|\\D)(?:[789]|10)\\d{1,2}(?!\\d).*[34]g',
);
const BROWSER = /safari\/|firefox\/|applewebkit\/\d/i;

/** Name of the model in an Android user agent, or empty. */
export function androidModel(userAgent: string): string {
  const model = MODEL.exec(userAgent)?.[1]?.trim() ?? '';
  return model === 'K' || model === 'wv' ? '' : model;
}

/** Device class of an Android user agent. See device.ts for what the classes hold. */
export function androidType(userAgent: string): DeviceType {
  const model = androidModel(userAgent);
  if (COMPUTER.test(model)) return 'Desktop';
  if (/\bquest\b|oculus/i.test(userAgent) || PHONE.test(model)) return 'Mobile';
  const tablet = TABLET.test(model);
  if (SCREEN.test(model) && !(tablet && /tab|[34]g\b|btv-/i.test(model))) return 'Desktop';
  if (tablet || /\btablet\b/i.test(userAgent)) return 'Tablet';
  if (/mobile|phone|dalvik/i.test(userAgent)) return 'Mobile';
  if (LARGE.test(model)) return 'Desktop';
  // Browsers say "Mobile" on a phone; other programs say neither, and some web views leave out the end.
  return BROWSER.test(userAgent) && !/chrome\/[\d.]+$/i.test(userAgent) ? 'Tablet' : 'Mobile';
}
