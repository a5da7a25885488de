/** What becomes of one log's lines. */
export interface ExpectedLog {
  format: string;
  accepted: number;
  /** Lines that carry no record, and what they are. */
  passedOver?: [count: number, why: string];
  /** Line number, reason, why that is right. */
  rejected?: [line: number, reason: string, why: string][];
}

const NOTE = 'inserted by the author as an error line, without any field';

/** Every access log of the collection. Counts of records are those of the collection's own table where it has them. */
export const LOGS: Record<string, ExpectedLog> = {
  'advertools.combined_with_errors.log': {
    format: 'combined',
    accepted: 885,
    rejected: [
      [3, 'not-a-record', NOTE],
      [12, 'not-a-record', NOTE],
      [21, 'not-a-record', NOTE],
      [22, 'not-a-record', NOTE],
    ],
  },
  'advertools.dreamhost_apache_access.log': { format: 'combined', accepted: 129, passedOver: [1, 'a blank line'] },
  'advertools.nginx_access.log': { format: 'combined', accepted: 1000 },
  'apache-combined.elastic.log.gz': {
    format: 'combined',
    accepted: 9999,
    rejected: [[8899, 'truncated', 'the line ends within the quoted user agent, after "bot.html"']],
  },
  'apache-combined.farmwork.log.gz': { format: 'combined', accepted: 747 },
  'apache-common.farmwork.log.gz': { format: 'common', accepted: 840 },
  'apache-csv2mysql.farmfreshsoftware.log.gz': { format: 'apache-csv', accepted: 14_444 },
  'apache-vhost.farmfreshsoftware.log.gz': { format: 'vhost', accepted: 201 },
  'clf-nasa-201701.log.gz': { format: 'common', accepted: 157_694 },
  'clf-nasa-201702.log.gz': { format: 'common', accepted: 157_879 },
  'clf-nasa-201703.log.gz': { format: 'common', accepted: 157_952 },
  'lnav.logfile_access_log.0': { format: 'combined', accepted: 3 },
  'lnav.logfile_bro_http.log.0': { format: 'zeek', accepted: 197, passedOver: [9, 'header, #close'] },
  'lnav.logfile_caddy_log.0': { format: 'caddy', accepted: 4, passedOver: [35, 'messages of Caddy itself'] },
  'lnav.logfile_w3c.4': { format: 'w3c', accepted: 2, passedOver: [4, 'directives'] },
  'lnav.logfile_w3c_big.0': { format: 'iis', accepted: 210, passedOver: [44, 'eleven headers of four directives'] },
  'matomo.common.log': { format: 'common', accepted: 1 },
  'matomo.elb.log': { format: 'elb', accepted: 1, passedOver: [2, 'a comment and the TCP connection it is about'] },
  'matomo.gandi.log': { format: 'vhost', accepted: 2 },
  'matomo.haproxy.log': { format: 'haproxy', accepted: 1 },
  'matomo.iis.log': { format: 'iis', accepted: 1, passedOver: [4, 'directives'] },
  'matomo.incapsula_w3c.log': { format: 'w3c', accepted: 2, passedOver: [4, 'directives'] },
  'matomo.ncsa_extended.log': { format: 'combined', accepted: 1 },
  'matomo.nginx_json.log': { format: 'nginx-json', accepted: 2 },
  'matomo.shoutcast.log': { format: 'w3c', accepted: 1, passedOver: [3, 'directives'] },
  'matomo.splitted_date_and_time.log': { format: 'w3c', accepted: 1, passedOver: [1, 'a directive'] },
  'matomo.static_ignores.log': { format: 'vhost', accepted: 4 },
  'matomo.traefik_json.log': { format: 'traefik', accepted: 1 },
  'nginx-combined.meatlabel.app.2025-12.log.gz': { format: 'combined', accepted: 8934 },
  'nginx-combined.saunathinker.com.2025-12.log.gz': { format: 'combined', accepted: 223 },
  'zeek-http.rita-valid.json.log.gz': { format: 'zeek-json', accepted: 10_000 },
  'zeek-http.rita-valid.tsv.log.gz': { format: 'zeek', accepted: 27_204, passedOver: [9, 'header, #close'] },
  'zeek-http.rita-vps-2024-04-19.tsv.log.gz': { format: 'zeek', accepted: 9873, passedOver: [8, 'header'] },
  'zeek-http.slips-test9-mixed-zeek-dir.json.log.gz': { format: 'zeek-json', accepted: 516 },
  'zeek-http.zat.tsv.log': { format: 'zeek', accepted: 150, passedOver: [9, 'header, #close'] },
};
