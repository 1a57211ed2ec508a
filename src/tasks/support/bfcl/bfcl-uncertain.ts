import type { JsonObject } from '../../../core/json.ts';
import type { MultiTurnInput } from '../../../scorers/support/bfcl/multi-turn-session.ts';
import { truthCall } from '../../../scorers/support/bfcl/world.ts';
import { isKnownFare } from '../../../scorers/support/bfcl/worlds/travel-booking.ts';

/** Parts of a service's state that the functions used show, and that a sample must therefore describe. */
const shownState: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  MessageAPI: {
    inbox: ['view_messages_sent', 'search_messages', 'delete_message', 'get_message_stats'],
    user_map: ['list_users', 'get_user_id', 'send_message', 'message_login'],
  },
  TradingBot: { orders: ['get_order_details', 'cancel_order', 'get_order_history'] },
  TwitterAPI: { tweets: ['retweet', 'get_tweet', 'search_tweets'], username: ['authenticate_twitter'] },
  TicketAPI: { ticket_queue: ['get_ticket', 'edit_ticket', 'close_ticket', 'resolve_ticket'] },
};

/** Functions whose answers the docs and the ground truth leave open. */
const openAnswers: Readonly<Record<string, string>> = {
  verify_traveler_information: 'which passports count is not described',
  get_outside_temperature_from_google: 'the temperature outside is not described',
  get_outside_temperature_from_weather_com: 'the temperature outside is not described',
  get_budget_fiscal_year: 'the fiscal year is not described',
  get_current_speed: 'the speed is not described',
  get_current_time: 'the time is not described',
};

/** Distances that the ground truth asks for and never uses. */
const openDistances = ['74532 94016', '47329 62947'];

function callDoubt(name: string, values: JsonObject): string | null {
  const open = openAnswers[name];
  if (open !== undefined) return open;
  if (name === 'estimate_distance') {
    const pair = [String(values.cityA), String(values.cityB)].toSorted().join(' ');
    return openDistances.includes(pair) ? `the distance between ${pair.replace(' ', ' and ')} is not known` : null;
  }
  if (name !== 'get_flight_cost' && name !== 'book_flight') return null;
  const [from, to, travelClass] = [String(values.travel_from), String(values.travel_to), String(values.travel_class)];
  return isKnownFare(from, to, travelClass)
    ? null
    : `the fare from ${from} to ${to} in ${travelClass} class is a guess`;
}

function stateDoubt(name: string, { classes, config }: MultiTurnInput): string | null {
  for (const service of classes) {
    for (const [member, functions] of Object.entries(shownState[service] ?? {})) {
      const given = (config[service] ?? {}) as JsonObject;
      if (functions.includes(name) && !Object.hasOwn(given, member))
        return `the sample does not say what ${service}.${member} holds`;
    }
  }
  return null;
}

/**
 * Why the simulated services may behave otherwise than the leaderboard's on a sample: the ground truth uses something that neither the
 * function descriptions nor the sample nor the ground truth decide. Null when everything is decided.
 */
export function uncertaintyOf(input: MultiTurnInput, truth: readonly (readonly string[])[]): string | null {
  for (const text of truth.flat()) {
    const { name, arguments: values } = truthCall(text, input.functions);
    const doubt = callDoubt(name, values) ?? stateDoubt(name, input);
    if (doubt !== null) return doubt;
  }
  return null;
}
