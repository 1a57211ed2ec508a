import type { Json, JsonObject } from '../../../../core/json.ts';
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

/** Fares in economy on a weekday that follow from the ground truth; other pairs get one from their codes. */
const knownFares: Readonly<Record<string, number>> = { 'LAX-SFO': 200, 'JFK-LAX': 600, 'CIA-SFO': 700 };
const classFactors: Readonly<Record<string, number>> = { economy: 1, business: 2, first: 5 };

/** Units of a currency for one US dollar; RMB, EUR and GBP follow from the ground truth. */
const rates: Readonly<Record<string, number>> = {
  USD: 1,
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

/** True when the fare of a route follows from the ground truth. */
export const isKnownFare = (from: string, to: string, travelClass: string): boolean =>
  [from, to].toSorted().join('-') in knownFares && travelClass !== 'first';

function fareOf({ from, to, date, travelClass }: Trip): number | string {
  const day = Date.parse(`${date}T00:00:00Z`);
  const factor = classFactors[travelClass];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(day)) return 'the date must be written as YYYY-MM-DD';
  if (factor === undefined) return `there is no class ${travelClass}`;
  if (from === to || !codes.includes(from) || !codes.includes(to)) return 'there is no such route';
  const pair = [from, to].toSorted().join('-');
  const distance = Math.abs(codes.indexOf(from) - codes.indexOf(to));
  const weekday = new Date(day).getUTCDay();
  return (knownFares[pair] ?? 100 + 20 * distance) * factor * (weekday === 0 || weekday === 6 ? 2 : 1);
}

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
    token_scope: scope,
    user_first_name: textOf(values, 'user_first_name'),
    user_last_name: textOf(values, 'user_last_name'),
  });
  return { expires_in: agency.facts.token_expires_in ?? null, access_token: token, token_type: 'Bearer', scope };
}

function register(agency: Agency, values: CallArguments): JsonObject {
  const id = String(agency.random.integer(100_000_000_000, 999_999_999_999));
  agency.cards.set(id, {
    card_number: textOf(values, 'card_number'),
    expiration_date: textOf(values, 'expiration_date'),
    cardholder_name: textOf(values, 'cardholder_name'),
    card_verification_number: values.card_verification_number ?? null,
    balance: 25_000,
  });
  return { card_id: id };
}

function book(agency: Agency, values: CallArguments): JsonObject {
  const trip = tripOf(values);
  const fare = fareOf(trip);
  if (typeof fare === 'string') return failed(fare);
  return agency.withCard(values, (card) => {
    if (balanceOf(card) < fare) return failed('the balance of the card is too low');
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
    if (card !== undefined && typeof booking.travel_cost === 'number')
      card.balance = balanceOf(card) + booking.travel_cost;
    agency.bookings.delete(id);
    return { cancel_status: true };
  });
}

function insure(agency: Agency, values: CallArguments): JsonObject {
  const cost = numberOf(values, 'insurance_cost');
  return agency.withBooking(values, (booking) =>
    agency.withCard(values, (card) => {
      if (!(cost > 0) || balanceOf(card) < cost)
        return failed('the cost must be positive and within the balance of the card');
      const id = String(agency.random.integer(100_000_000, 999_999_999));
      card.balance = balanceOf(card) - cost;
      Object.assign(booking, {
        insurance_id: id,
        insurance_type: textOf(values, 'insurance_type'),
        insurance_cost: cost,
      });
      return { insurance_id: id, insurance_status: true };
    }),
  );
}

function invoice(agency: Agency, values: CallArguments): JsonObject {
  if (isNothing(values.booking_id)) return failed('a booking is needed');
  return agency.withBooking(values, (booking, id) => ({ invoice: { booking_id: id, ...copyOf(booking) } }));
}

function exchange(values: CallArguments): JsonObject {
  const [from, to] = [rates[textOf(values, 'base_currency')], rates[textOf(values, 'target_currency')]];
  if (from === undefined || to === undefined) return failed('there is no such currency');
  return { exchanged_value: (numberOf(values, 'value') / from) * to };
}

function verify(agency: Agency, values: CallArguments): JsonObject {
  const { user_first_name: first, user_last_name: last } = agency.facts;
  const isSame = textOf(values, 'first_name') === first && textOf(values, 'last_name') === last;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(textOf(values, 'date_of_birth'));
  const failure = isSame ? (isDate ? null : 'the date of birth is not valid') : 'the name is not that of the user';
  return { verification_status: failure === null, verification_failure: failure };
}

function setBudget(agency: Agency, values: CallArguments): JsonObject {
  const limit = numberOf(values, 'budget_limit');
  if (!(limit > 0)) return failed('the budget must be positive');
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
      get_nearest_airport_by_city: (values) => {
        const code = airports[textOf(values, 'location')];
        return code === undefined ? failed('there is no airport near this place') : { nearest_airport: code };
      },
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
