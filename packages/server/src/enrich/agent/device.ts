import type { DeviceType } from '../../model/enrichment.ts';

/*
 * Four classes have to hold everything, so by what a person does with the thing:
 * Mobile  carried or worn: phones, phablets, feature phones, media players, watches, cameras, handheld scanners, cars;
 * Tablet  tablets, readers, smart displays;
 * Desktop computers, and what stands still with a large screen: televisions, set-top boxes, consoles;
 * ''      no screen (speakers) or nothing known.
 */

/** Large screens that stand still. Before all else, since televisions run mobile systems. */
const SCREEN =
  /hbbtv|smart-?_?tv|smarthub|nettv|ce-html|vidaa|googletv|netcast|web0s|webos\.tv|bravia|viera|aquos|\baft[a-z]{1,3}\d{0,2}\b|apple ?tv|tvos|roku|crkey|android ?tv|\btv\b|\dtv\b|_tv_|tv ?box|mitv|mibox|shield|chromecast|playstation(?! ?(?:portable|vita))|nintendo (?:wii|switch)|xbox|set-?top|\bstb\b|\bstv|lg browser|netrange|opera tv|inettvbrowser|large screen|\bdtv|dlnadoc|bdplayer/i;
const BOX =
  /; ?(?:x96|tx[2-9]|t95|h96|mxq|hk1|mx10|m8s|a95x|tanix|mecool|km[1-9]|x88|r69|q[0-9] ?plus|mxiii|minix|magicsee|beelink|vontar|transpeed|ugoos)[^;)]*/i;
const TABLET =
  /ipad|\btablet(?! ?pc)|\btab\b|[-_ ]tab[-_ \d]|galaxy tab|mediapad|matepad|[a-z]pad\b|\bpad\b|kindle|silk\/(?!.*mobile)|playbook|\bsm-[tpx]\d|gt-[pn](?:1|3|5|6|7|8)\d{3}|nexus (?:7|9|10)\b|pixel (?:c|tablet)|xoom|\bkf[a-z]{2,5}\b|\bsgp\d|transformer|iconia|ideatab|\blenovo (?:tb|yt|b[68])|\btb-?\d|lg-[vu][k\d]\d{2}|touchpad|rk30sdk|\bmid\b|\bmid[-_\d]|archos \d{2}|venue [78]|nook|\bbntv|tolino|onda|teclast|chuwi|\bags\d?-|\bbah\d?-|\bsht-|\bcmr-|\bjdn\d?-|\bkob\d?-|nest hub|echo show/i;
const PHONE =
  /iphone|ipod|windows phone|iemobile|windows ce|windows mobile|blackberry|\bbb10|symb(?:ian|os)|series ?[346]0|\bs60|midp|cldc|\bwap|maui|obigo|up\.browser|opera (?:mini|mobi)|operamini|kaios|\bbada\b|palm|j2me|brew|\bphone|mobile|watch ?os|\bwatch\d|nokia|sonyericsson|vodafone|docomo|kddi|softbank|playstation (?:portable|vita)|nintendo (?:3ds|ds)|\bpsp\b|blazer|netfront|ucweb|danger hiptop|zunewp/i;
const COMPUTER =
  /windows (?:nt|9[58x]|xp|me|2000|7|8|1[01]|;)|\bwin(?:32|64|9x|98|95|nt)|windows|macintosh|mac ?os|macbook|imac|mac_powerpc|cros |x11|linux (?:x86|i[3-6]86|amd64|ppc)|ubuntu|fedora|debian|bsd|sunos|haiku|beos|os\/2|amiga|\bx86_64|dragonfly|solaris|\bunix|irix|hp-ux/i;

/**
 * The device class that a person's user agent tells.
 * @param osName as named by names.ts
 */
export function deviceType(userAgent: string, osName: string): DeviceType {
  if (SCREEN.test(userAgent)) return 'Desktop';
  const android = osName === 'Android' || /android/i.test(userAgent);
  if (android) return androidType(userAgent);
  if (TABLET.test(userAgent)) return 'Tablet';
  if (PHONE.test(userAgent)) return 'Mobile';
  if (osName === 'iOS') return 'Mobile';
  if (osName === 'macOS' || osName === 'Windows' || COMPUTER.test(userAgent)) return 'Desktop';
  return osName === 'Linux' ? 'Desktop' : '';
}

/** Android says "Mobile" on phones and leaves it out on tablets, unless an app or an old browser does otherwise. */
function androidType(userAgent: string): DeviceType {
  if (BOX.test(userAgent)) return 'Desktop';
  if (TABLET.test(userAgent)) return 'Tablet';
  if (/mobile|phone|dalvik|mini\//i.test(userAgent)) return 'Mobile';
  if (/chrome\/|version\/\d|safari|firefox/i.test(userAgent)) return 'Tablet';
  return 'Mobile';
}
