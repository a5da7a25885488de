import type { DeviceType } from '../../model/enrichment.ts';
import { androidType } from './android.ts';

/*
 * Four classes have to hold everything, so by what a person does with the thing:
 * Mobile  carried or worn: phones, phablets, feature phones, media players, watches, headsets, cameras, scanners, cars;
 * Tablet  tablets, readers, smart displays;
 * Desktop computers, and what stands still with a large screen: televisions, set-top boxes, consoles;
 * ''      no screen (speakers) or nothing known.
 */

/** Large screens that stand still. Before all else, since televisions run mobile systems. */
const SCREEN =
  /hbbtv|smart-?_?tv|smarthub|nettv|ce-html|vidaa|googletv|netcast|web0s|webos\.tv|\bviera|vizio|apple ?tv|tvos|roku|crkey|android ?tv|bravia|[\d ]tv safari|webtv|tv ?store|\b_?tv_|opera tv|inettvbrowser|large screen|\bdtv_|digital-tv|dlnadoc|bdplayer|netrange|playstation(?! ?(?:portable|vita))|nintendo (?:wii|switch)|xbox|set-?top|\bstb\b|lg browser|\baft[a-z]{1,5}\d{0,3}\b|,wire(?:d|less)\)|tivimate/i;
const SPEAKER = /sonos|alexa|homepod|audioos|avsdevicesdk|smart ?speaker/i;
const DISPLAY = /nest hub|echo show|crkey.{1,40}fuchsia|family ?hub/i;
const TABLET =
  /ipad|\btablet(?! ?pc)|kindle|playbook|touchpad|hp-tablet|windows nt 6\.[23]; arm;|pocketbook|\bnook\b|silk\//i;
const PHONE =
  /iphone|ipod|\biph\d|windows phone|wpdesktop|lumia|iemobile|windows ce|windows ?mobile|blackberry|\bbb10|symb(?:ian|os)|series ?[346]0|\bs60|midp|cldc|\bwap|maui|obigo|up\.browser|\bup\/\d|opera (?:mini|mobi)|operamini|kaios|\bbada\b|palm|j2me|brew|\bphone|mobile|maemo|watch ?os|\bwatch\d|nokia|sonyericsson|vodafone|docomo|kddi|softbank|playstation (?:portable|vita)|nintendo (?:3ds|ds)|\bpsp\b|blazer|netfront|ucweb|ucbrowser|danger hiptop|zunewp|tesla\/|qtcarbrowser|oculus|j-phone/i;
/** Feature phones begin with their maker's name, and often say no more than the model. */
export const PHONE_MAKER =
  '^(?:(?:sie|mot|lge?|sec|sgh|sch|sph|nec|ppc|tcl|kwc|ezio|fly)[-_ ][a-z]*\\d|lg[a-z]{1,2}\\d|lg[ -]|mot-|(?:zte|htc|samsung|alcatel|philips|sagem|panasonic|pantech|sharp|kyocera|sanyo|haier|tianyu|coolpad|gionee|lenovo|huawei|micromax|spice|lava|karbonn|intex|maxx|tecno|nokia|motorola|siemens|sonyericsson|blackberry|palm|archos|asus|acer|dell|hp|sharp|dorado|amoi|bird|vertu|dopod|o2|t-mobile|vodafone|toshiba|hitachi|benq)[-_ /.]?[\\w.]*[\\d/ _-])';
const MAKER = new RegExp(PHONE_MAKER, 'i');
const COMPUTER =
  /windows|\bwin(?:32|64|\d|nt)|macintosh|mac ?os|macbook|imac|mac_powerpc|powermac|cros |x11|linux (?:x86|i[3-6]86|amd64|ppc)|ubuntu|fedora|debian|bsd|sunos|haiku|beos|os\/2|amiga|\bx86_64|dragonfly|solaris|\bunix|irix|hp-ux|openvms|\b2in1|chromeos/i;

/**
 * The device class that a person's user agent tells.
 * @param osName as named by names.ts
 */
export function deviceType(userAgent: string, osName: string): DeviceType {
  if (DISPLAY.test(userAgent)) return 'Tablet';
  if (SCREEN.test(userAgent)) return 'Desktop';
  if (SPEAKER.test(userAgent)) return '';
  if (osName === 'Android' || osName === 'HarmonyOS' || /android|fban\/fb4a|\badr \d/i.test(userAgent))
    return androidType(userAgent);
  if (TABLET.test(userAgent)) return /lumia|wpdesktop/i.test(userAgent) ? 'Mobile' : 'Tablet';
  if (osName === 'macOS' || osName === 'ChromeOS') return 'Desktop';
  if (PHONE.test(userAgent) || osName === 'iOS' || osName === 'watchOS' || MAKER.test(userAgent)) return 'Mobile';
  return osName === 'Windows' || osName === 'Linux' || COMPUTER.test(userAgent) ? 'Desktop' : '';
}
