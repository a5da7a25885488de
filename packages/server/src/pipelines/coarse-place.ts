import type { Place } from '../model/enrichment.ts';

// Shared by place, so that encoders that cache by identity still can.
const cityless = new WeakMap<Place, Place>();
const countries = new WeakMap<Place, Place>();

/** The place without its city. */
export function withoutCity(place: Place): Place {
  return shared(cityless, place, ({ country, region }) => ({ country, region, city: '' }));
}

/** The country of the place. */
export function countryOf(place: Place): Place {
  return shared(countries, place, ({ country }) => ({ country, region: '', city: '' }));
}

function shared(cache: WeakMap<Place, Place>, place: Place, cut: (place: Place) => Place): Place {
  let less = cache.get(place);
  if (less === undefined) {
    less = Object.freeze(cut(place));
    cache.set(place, less);
  }
  return less;
}
