import type { Json, JsonObject } from '../../../../core/json.ts';
import { flightFare } from './flight-fares.ts';
import { pythonRandom, type PythonRandom } from '../python-random.ts';
import {
  copyOf,
  failed,
  isJsonObject,
  isNothing,
  numberOf,
  textOf,
  type Backend,
  type CallArguments,
} from './backend.ts';

/** The only seed below 1,000,000 whose first numbers are the tokens and ids that the ground truth goes on to use. */
const seed = 141053;

/** Airports in the order of the function's own list of places. */
const airports: Readonly<Record<string, string>> = {
  Rivermist: 'RMS',
  Stonebrook: 'SBK',
  Maplecrest: 'MPC',
  Silverpine: 'SVP',
  Shadowridge: 'SHD',
  London: 'LHR',
  Paris: 'CDG',
  'Sunset Valley': 'SSV',
  Oakendale: 'OKD',
  Willowbend: 'WLB',
  'Crescent Hollow': 'CRH',
  Autumnville: 'ATV',
  Pinehaven: 'PHV',
  Greenfield: 'GFD',
  'San Francisco': 'SFO',
  'Los Angeles': 'LAX',
  'New York': 'JFK',
  Chicago: 'ORD',
  Boston: 'BOS',
  Beijing: 'PEK',
  'Hong Kong': 'HKG',
  Rome: 'CIA',
  Tokyo: 'HND',
};
const codes = Object.values(airports);

/** Units of a currency for one US dollar. */
const rates: Readonly<Record<string, number>> = {
  RMB: 7,
  EUR: 0.8,
  GBP: 0.7,
  JPY: 110,
  CAD: 1.3,
  AUD: 1.4,
  INR: 70,
  RUB: 60,
  BRL: 3.8,
  MXN: 20,
};

interface Trip {
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly travelClass: string;
}

const tripOf = (values: CallArguments): Trip => ({
  from: textOf(values, 'travel_from'),
  to: textOf(values, 'travel_to'),
  date: textOf(values, 'travel_date'),
  travelClass: textOf(values, 'travel_class'),
});

/** The fare of a trip, or why there is none. */
const fareOf = ({ from, to, date, travelClass }: Trip): number | string =>
  flightFare([from, to], date, travelClass) ?? `there is no flight from ${from} to ${to} in ${travelClass} class`;

/** A date as Python reads it: parts may lack their leading zero. */
const isDate = (text: string): boolean => {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};

class Agency {
  readonly random: PythonRandom = pythonRandom(seed);
  readonly cards: Map<string, Record<string, Json>>;
  readonly bookings: Map<string, Record<string, Json>>;
  /** Single members: token, names, budget. */
  readonly facts: Record<string, Json>;

  constructor(config: JsonObject) {
    const members = (key: string): Map<string, Record<string, Json>> =>
      new Map(
        Object.entries(isJsonObject(config[key]) ? config[key] : {}).map(([id, entry]) => [
          id,
          isJsonObject(entry) ? { ...copyOf(entry) } : {},
        ]),
      );
    const { credit_card_list: _, booking_record: __, ...facts } = config;
    this.cards = members('credit_card_list');
    this.bookings = members('booking_record');
    this.facts = { ...copyOf(facts) };
  }

  /** The budget limit; null where none is set. */
  get budget(): number | null {
    const limit = this.facts.budget_limit;
    return typeof limit === 'number' ? limit : null;
  }

  withToken(values: CallArguments, act: () => JsonObject): JsonObject {
    const token = textOf(this.facts, 'access_token');
    return token !== '' && textOf(values, 'access_token') === token ? act() : failed('the access token is not valid');
  }

  withCard(values: CallArguments, act: (card: Record<string, Json>) => JsonObject): JsonObject {
    const card = this.cards.get(textOf(values, 'card_id'));
    return card === undefined ? failed(`there is no card ${textOf(values, 'card_id')}`) : act(card);
  }

  withBooking(values: CallArguments, act: (booking: Record<string, Json>, id: string) => JsonObject): JsonObject {
    const id = textOf(values, 'booking_id');
    const booking = this.bookings.get(id);
    return booking === undefined ? failed(`there is no booking ${id}`) : act(booking, id);
  }
}

const balanceOf = (card: Record<string, Json>): number => (typeof card.balance === 'number' ? card.balance : 0);

function authenticate(agency: Agency, values: CallArguments): JsonObject {
  const token = String(agency.random.integer(100_000, 999_999));
  const scope = textOf(values, 'grant_type');
  Object.assign(agency.facts, {
    access_token: token,
    token_type: 'Bearer',
    token_expires_in: 2,
    token_scope: scope,
    user_first_name: textOf(values, 'user_first_name'),
    user_last_name: textOf(values, 'user_last_name'),
  });
  return { expires_in: 2, access_token: token, token_type: 'Bearer', scope };
}

function register(agency: Agency, values: CallArguments): JsonObject {
  const id = String(agency.random.integer(100_000_000_000, 999_999_999_999));
  agency.cards.set(id, {
    card_number: textOf(values, 'card_number'),
    expiration_date: textOf(values, 'expiration_date'),
    cardholder_name: textOf(values, 'cardholder_name'),
    card_verification_number: values.card_verification_number ?? null,
    balance: agency.random.integer(10_000, 99_999),
  });
  return { card_id: id };
}

function book(agency: Agency, values: CallArguments): JsonObject {
  const trip = tripOf(values);
  if (!isDate(trip.date)) return failed('the date must be written as YYYY-MM-DD');
  const fare = fareOf(trip);
  if (typeof fare === 'string') return failed(fare);
  return agency.withCard(values, (card) => {
    if (balanceOf(card) < fare) return failed('the balance of the card is too low');
    if (balanceOf(card) < (agency.budget ?? -Infinity))
      return failed('the balance of the card is below the budget limit');
    const id = String(agency.random.integer(1_000_000, 9_999_999));
    const transaction = String(agency.random.integer(10_000_000, 99_999_999));
    card.balance = balanceOf(card) - fare;
    const record = {
      card_id: textOf(values, 'card_id'),
      travel_date: trip.date,
      travel_from: trip.from,
      travel_to: trip.to,
      travel_class: trip.travelClass,
      travel_cost: fare,
      transaction_id: transaction,
    };
    agency.bookings.set(id, record);
    return { booking_id: id, transaction_id: transaction, booking_status: true, booking_history: {} };
  });
}

function cancelBooking(agency: Agency, values: CallArguments): JsonObject {
  return agency.withBooking(values, (booking, id) => {
    const card = agency.cards.get(String(booking.card_id ?? ''));
    if (card === undefined || typeof booking.travel_cost !== 'number') return failed('nothing can be paid back');
    card.balance = balanceOf(card) + booking.travel_cost;
    agency.bookings.delete(id);
    return { cancel_status: true };
  });
}

function insure(agency: Agency, values: CallArguments): JsonObject {
  const cost = numberOf(values, 'insurance_cost');
  return agency.withBooking(values, () =>
    agency.withCard(values, (card) => {
      if (Number.isNaN(cost) || cost > (agency.budget ?? Infinity)) return failed('the cost is above the budget limit');
      const id = String(agency.random.integer(100_000_000, 999_999_999));
      card.balance = balanceOf(card) - cost;
      return { insurance_id: id, insurance_status: true };
    }),
  );
}

function invoice(agency: Agency, values: CallArguments): JsonObject {
  if (isNothing(values.booking_id)) return failed('a booking is needed');
  return agency.withBooking(values, (booking, id) => {
    const { card_id: _, ...shown } = copyOf(booking);
    return { invoice: { booking_id: id, ...shown } };
  });
}

function exchange(values: CallArguments): JsonObject {
  const [from, to, value] = [
    textOf(values, 'base_currency'),
    textOf(values, 'target_currency'),
    numberOf(values, 'value'),
  ];
  const [sold, bought] = [rates[from], rates[to]];
  if (from === 'USD' && bought !== undefined) return { exchanged_value: value * bought };
  if (to === 'USD' && sold !== undefined) return { exchanged_value: Number((value / sold).toFixed(2)) };
  return failed('one of the currencies must be the US dollar');
}

function verify(agency: Agency, values: CallArguments): JsonObject {
  const { user_first_name: first, user_last_name: last } = agency.facts;
  const isSame = textOf(values, 'first_name') === first && textOf(values, 'last_name') === last;
  const refuse = (reason: string): JsonObject => ({ verification_status: false, verification_failure: reason });
  if (!isSame) return refuse('the name is not that of the user');
  if (!isDate(textOf(values, 'date_of_birth'))) return refuse('the date of birth is not valid');
  // A fixed day, so that a verdict does not change with the clock; every ground truth is far from the limit.
  if (textOf(values, 'date_of_birth') > '2008') return refuse('the traveller is not of age');
  return textOf(values, 'passport_number').startsWith('US')
    ? { verification_status: true }
    : refuse('the passport is of another country');
}

function setBudget(agency: Agency, values: CallArguments): JsonObject {
  const limit = Number(textOf(values, 'budget_limit').trim() || 'none');
  if (!Number.isFinite(limit)) return failed('the budget must be a number');
  agency.facts.budget_limit = limit;
  return { budget_limit: limit };
}

const tokenFunctions = (agency: Agency): Backend['functions'] => ({
  register_credit_card: (values) => register(agency, values),
  get_credit_card_balance: (values) => agency.withCard(values, (card) => ({ card_balance: balanceOf(card) })),
  book_flight: (values) => book(agency, values),
  cancel_booking: (values) => cancelBooking(agency, values),
  purchase_insurance: (values) => insure(agency, values),
  retrieve_invoice: (values) => invoice(agency, values),
  set_budget_limit: (values) => setBudget(agency, values),
  get_booking_history: () => ({ booking_history: copyOf(Object.fromEntries(agency.bookings)) }),
});

/** Flights, cards and bookings of one traveller. */
export function openTravelBooking(config: JsonObject): Backend {
  const agency = new Agency(config);
  const guarded = Object.entries(tokenFunctions(agency)).map(
    ([name, act]) => [name, (values: CallArguments) => agency.withToken(values, () => act(values))] as const,
  );
  return {
    functions: {
      ...Object.fromEntries(guarded),
      authenticate_travel: (values) => authenticate(agency, values),
      travel_get_login_status: () => ({ status: !isNothing(agency.facts.access_token) }),
      list_all_airports: () => ({ airports: codes }),
      get_nearest_airport_by_city: (values) => ({ nearest_airport: airports[textOf(values, 'location')] ?? 'Unknown' }),
      get_flight_cost: (values) => {
        const fare = fareOf(tripOf(values));
        return typeof fare === 'string' ? failed(fare) : { travel_cost_list: [fare] };
      },
      get_budget_fiscal_year: () => ({ budget_fiscal_year: '2018' }),
      compute_exchange_rate: exchange,
      verify_traveler_information: (values) => verify(agency, values),
      get_all_credit_cards: () => ({ credit_card_list: copyOf(Object.fromEntries(agency.cards)) }),
      contact_customer_support: (values) =>
        agency.withBooking(values, () => ({ customer_support_message: 'Thank you, we will come back to you.' })),
    },
    state: () => ({
      ...copyOf(agency.facts),
      credit_card_list: copyOf(Object.fromEntries(agency.cards)),
      booking_record: copyOf(Object.fromEntries(agency.bookings)),
    }),
  };
}
