import type { NetworkKind } from '../model/enrichment.ts';

/** Words in an organisation's name that say what its network is, with how much they say (0–1). */
interface NameRule {
  kind: NetworkKind;
  weight: number;
  words: RegExp;
}

// Matched against folded names: lower case, no accents, one blank between words. A rule names whole words unless it
// ends or begins with `\w*`.
const words = (alternatives: string): RegExp => new RegExp(`\\b(?:${alternatives})\\b`);
const rule = (kind: NetworkKind, weight: number, alternatives: string): NameRule => ({
  kind,
  weight,
  words: words(alternatives),
});

const RULES: readonly NameRule[] = [
  // Hosting: what is sold, then brands whose name does not say it.
  rule(
    'hosting',
    0.95,
    '(?:\\w*(?:web|cloud|game|virtual|vps)\\s?)host(?:ing|s|ed|er)?|hosting\\w*|\\w{2,}hosting|hostings?',
  ),
  rule(
    'hosting',
    0.92,
    'vps\\w*|\\w*vps|vds\\w*|colo(?:cation|cacao|guard|crossing)?|colocat\\w*|kolokac\\w*|iaas|bare ?metal|cdn\\w*|\\w{2,}cdn',
  ),
  rule(
    'hosting',
    0.92,
    '\\w*data\\s?cent(?:er|re|ers|res|rum|rs)\\w*|\\w*datacent\\w*|rechenzentrum|centro de datos|dc\\d+|\\w*idc',
  ),
  rule(
    'hosting',
    0.9,
    '\\w*cloud\\w*|\\w*kloud\\w*|nuvem|nube|\\w{2,}servers?|servers?|serverum|serverastra|serverel|servidor(?:es)?|serveurs?|dedicated|dedi\\w*',
  ),
  rule(
    'hosting',
    0.85,
    'host\\w*|\\w{2,}host(?:s|ed|er|ers|ing)?|hebergement|hebergeur|alojamiento|hospedage[mn]|hospedaje|barindirma',
  ),
  rule(
    'hosting',
    0.8,
    '\\w*vpn\\w*|prox(?:y|ies)|\\w{3,}proxy|web services|content delivery|anycast|ddos|anti ?ddos|domains?|registrar|domain names?',
  ),
  rule(
    'hosting',
    0.7,
    '\\w*rack(?:s|space)?|\\w*stack(?:path)?|compute|computing|\\w*hyperscale\\w*|kvm|virtuali[sz]\\w*|blockchain|crypto\\w*',
  ),
  rule(
    'hosting',
    0.7,
    '(?:internet|it|digital|data|cloud|online) infrastructures?|infrastructure as|offshore|bulletproof|dns',
  ),
  // Education.
  rule(
    'education',
    0.95,
    'universit\\w*|univers(?:idad|idade|ite|iteit|itas)\\w*|uniwersytet\\w*|univ|univerz\\w*|universiti|yliopisto',
  ),
  rule(
    'education',
    0.95,
    'colleges?|hochschule\\w*|\\w*hochschule|fachhochschule|politecnic[oa]|polytechni\\w*|politechnika|school\\w*|schul\\w*',
  ),
  rule(
    'education',
    0.93,
    '(?:research and education|education and research|academic and research|national research) network|nren|academic network',
  ),
  rule(
    'education',
    0.9,
    'institutes? of technology|instituto (?:federal|tecnologico|politecnico|superior)|ecole|escola|escuela|skola|szkola|academi[ac]',
  ),
  rule(
    'education',
    0.88,
    'educa\\w*|education\\w*|campus|student\\w*|studenten\\w*|academy|akademi\\w*|fraunhofer|max planck|cern|edu|kampus',
  ),
  rule(
    'education',
    0.75,
    'research|research (?:institute|center|centre|council)|national laborator\\w*|forschung\\w*|scientific|scientifique|libraries|library',
  ),
  // Government.
  rule(
    'government',
    0.95,
    'governments?|govt|gov|egov\\w*|ministr\\w*|ministerio\\w*|ministere|ministerium|parliament|parlament\\w*|senate|senado',
  ),
  rule(
    'government',
    0.93,
    'department of|dept of|departamento de|city of|county of|state of|town of|province of|commonwealth of|district of|comune di|ville de|stadt',
  ),
  rule(
    'government',
    0.92,
    'municipal\\w*|prefeitura|ayuntamiento|gobierno|governo|gouvernement|bundes(?!druck)\\w*|landes\\w*|kommun\\w*|kommune|gemeinde',
  ),
  rule(
    'government',
    0.9,
    'federal|defen[cs]e|army|navy|air force|police|policia|courts?|tribunal|tribunais|secretaria|treasury|customs|congress|nasa|nato|usda',
  ),
  rule(
    'government',
    0.7,
    'public (?:safety|works)|county|council|regional|state|administration|agency|agencia|authority|commission|postal service',
  ),
  // Mobile.
  rule(
    'mobile',
    0.9,
    'mobile|mobil|mobility|\\w*mobile|movil\\w*|moviles|cellular|celular|cellco|gsm|lte|\\w*cell|mobitel|mobilink|mobinil|hutchison 3g|hutchison drei',
  ),
  rule(
    'mobile',
    0.75,
    'vodafone|vodacom|mtn|airtel|orange|docomo|t mobile|celcom|telkomsel|claro|movistar|telenor|zain|turkcell|safaricom|digicel|ooredoo',
  ),
  // Residential: lines and those who sell them.
  rule(
    'residential',
    0.85,
    'broadband\\w*|\\w*cable\\w*|catv|kabel\\w*|\\w*dsl|ftth|fttx|wisp|banda larga|breitband|fibra|fibras?|fiber\\w*|\\w*fiber|fibre|glasfaser',
  ),
  rule(
    'residential',
    0.8,
    '\\w*tele(?:com|kom)\\w*|telefon\\w*|telephone\\w*|telmex|telecoms?|telco|telecommunications?|telecomunic\\w*|telecommunication\\w*',
  ),
  rule(
    'residential',
    0.75,
    'isp|provedor\\w*|provedores|internet (?:services? )?provid\\w*|internet service|wireless|wifi|wi fi|wlan|satellite|starlink|rural|iptv|vision',
  ),
  rule(
    'residential',
    0.6,
    'internet\\w*|communications?|comunica\\w*|comunicacoes|\\w*net|\\w*tel|\\w*com|online|kommunikation\\w*|iletisim|electric cooperative|cooperativa',
  ),
  // Business.
  rule(
    'business',
    0.85,
    'banks?|banco|banka|banque|insurance|assurance\\w*|versicherung\\w*|seguros|hospitals?|klinik\\w*|clinic\\w*|pharma\\w*|airlines?|airways',
  ),
  rule(
    'business',
    0.8,
    'financial|finance|capital|invest\\w*|securities|motors?|automotive|hotels?|resorts?|health\\w*|medical|oil|petrol\\w*|energy|energia|steel|chemicals?',
  ),
  rule(
    'business',
    0.7,
    'consult\\w*|advertis\\w*|media|broadcast\\w*|television|tv|press|publish\\w*|retail|stores?|foods?|logisti\\w*|manufactur\\w*|industr\\w*|semiconductor\\w*|engineering|casino|law|llp|holdings?|church',
  ),
  rule(
    'business',
    0.45,
    'software|technolog\\w*|tecnologia\\w*|systems?|solutions?|services?|group|corporation|enterprises?|international|global|trading|company|partners',
  ),
];

// Brands known to rent out servers, where no word of the list above is in the name.
const BRANDS = words(
  'amazon|aws|google(?! fiber)|microsoft|azure|oracle|alibaba|aliyun|tencent|huawei (?:international|clouds)|byteplus|ovh|hetzner|digital ?ocean|linode|akamai|' +
    'vultr|choopa|constant company|contabo|scaleway|online s ?a ?s|iliad|leaseweb|ionos|1and1|1 1 internet|oneandone|strato|profitbricks|rackspace|softlayer|' +
    'godaddy|go daddy|dreamhost|new dream network|namecheap|bluehost|unified layer|endurance international|liquid ?web|quadranet|psychz|sharktech|' +
    'm247|datacamp|worldstream|nforce|serverius|transip|versatel hosting|combell|netcup|keyweb|contabo|myloc|plusserver|mittwald|hostway|' +
    'voxility|selectel|timeweb|beget|reg ru|firstbyte|aeza|ruvds|g core|gcore|edgecast|edgio|limelight|fastly|cloudflare|incapsula|imperva|sucuri|' +
    'stackpath|highwinds|zenlayer|equinix|cyrusone|switch and data|internap|peer ?1|hivelocity|interserver|nocix|wholesale internet|joes ?datacenter|' +
    'ramnode|buyvm|frantech|nexeon|eonix|cogent hosting|egihosting|enzu|ubiquity|nobis|servercentral|deft com|singlehop|limestone|softlayer|' +
    'kamatera|upcloud|exoscale|cherry servers|bacloud|melbikom\\w*|alexhost|flokinet|privatelayer|private layer|njalla|31173 services|mullvad|' +
    'tzulo|clouvider|uk2|uk 2|iomart|fasthosts|memset|bytemark|krystal|heart internet|redstation|simply transit|coreix|gigabit|' +
    'gandi|infomaniak|init7 hosting|nine internet|green ch|hostpoint|aruba|seeweb|register it|sakura internet|gmo internet|kagoya|conoha|xserver|idc frontier|' +
    'ucloud|qingcloud|kingsoft|ksyun|baidu|volcano engine|zenlayer|cds global|capitalonline|' +
    'latitude sh|maxihost|locaweb|uol diveo|kinghost|packet host|packethub|performive|steadfast|colocrossing|hudson valley host|velocihost|' +
    'global layer|ip volume|quasi networks|ecatel|novogara|scalaxy|inferno solutions|pq hosting|stark industries|mevspace|artnet|nazwa|home pl|dhosting|' +
    'forpsi|wedos|active 24|websupport|superhosting|neterra|a2 hosting|inmotion|siteground|wpengine|automattic|squarespace|weebly|wix|shopify|heroku|' +
    'salesforce|github|atlassian|dropbox|yandex cloud|vk ?cloud|digital realty|coresite|datapipe|navisite|carpathia|cyxtera|' +
    'novoserve|webzilla|green floid|gsl networks|datacheap|mythic beasts|edis gmbh|i3d net|phoenix ?nap|alwaysdata|cyber folks|veesp|webdock|' +
    'syseleven|dogado|websupport|webglobe|cleura|core backbone|ginernet|seflow|cdlan|snel com|ntirety|unitedlayer|corespace|nodes direct|digitalone|' +
    '23m gmbh|trabia|handy networks|gigenet|xneelo|web werks|esds|newmedia express|readyspace|tierpoint|cologix|databank|flexential|telx|iland|' +
    'oxylabs|ipxo|terraswitch|nuclearfallout|virtual systems|ru center|atman|lh pl|kylos|ecritel|solvinity|swiftnode|netactuate|octopuce|intercolo|' +
    'ifog|1337 services|serverum|advin services|nextarray|masterdc|sg gs|asergo|team blue|aqua ray|peg tech|twitch|quality technology services|' +
    'facebook|twitter|linkedin|pinterest|telegram messenger|bytedance|censys|shodan|rapid7|shadowserver|palo alto networks|zscaler|netskope|' +
    'cachefly|bunnyway|keycdn|cdnetworks|cdn77|chinacache|wangsu|quantil|qrator|stormwall|path network|tempest|voxel|' +
    'gtt hosting|servermania|b2 net solutions|reliablesite|quickpacket|gorillaservers|multacom|krypt|cari ?net|data102|wowrack|webnx|versaweb|' +
    'avast|nordvpn|surfshark|expressvpn|protonvpn|proton ag|privado|tefincom|cyberghost|ipvanish|mudhook|strong technology|hide ?my ?ip|' +
    'ovhcloud|vshosting|glesys|bahnhof hosting|elastx|binero|loopia|one com|simply com|dandomain|domeneshop|sedo|team internet|' +
    'it7|hydra communications|netminders|zare|xtom|misaka|lilac|cloudie|cloudsigma|dataideas|data ?wagon|terrahost|combahton|aurologic|tube hosting|' +
    'ghostnet|first ?colo|maincubes|accelerated it|link11|myra security|velia|active servers|euserv|isprime|webair|nyi|globotech|iweb|netelligent|' +
    'turnkey internet|vegas ?nap|fiberhub|fdcservers|fdc ?servers|input output flood|ioflood|total server|codero|aplus|hostigation|delimiter|wable|dacentec',
);

export interface NameVerdict {
  kind: NetworkKind;
  /** How much the name says, 0–1. */
  weight: number;
  /** The word, or brand, that decided. */
  word: string;
  /** The strongest rule for another kind; 0 when none. */
  rival: number;
}

/** Lower case without accents, letters and digits only, one blank between words. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a name says of its network; null when it says nothing. */
export function kindOfName(name: string): NameVerdict | null {
  const folded = foldName(name).slice(0, 200);
  if (folded === '') return null;
  const brand = BRANDS.exec(folded);
  if (brand) return { kind: 'hosting', weight: 0.9, word: brand[0], rival: 0 };
  let best: NameVerdict | null = null;
  let rival = 0;
  for (const { kind, weight, words: pattern } of RULES) {
    if (best && kind === best.kind && weight <= best.weight) continue;
    const match = pattern.exec(folded);
    if (!match) continue;
    if (!best || weight > best.weight) {
      if (best && best.kind !== kind) rival = Math.max(rival, best.weight);
      best = { kind, weight, word: match[0], rival: 0 };
    } else if (kind !== best.kind) rival = Math.max(rival, weight);
  }
  return best && { ...best, rival };
}
