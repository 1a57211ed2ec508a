import type { Json, JsonObject } from '../../../../core/json.ts';
import {
  copyOf,
  failed,
  isJsonObject,
  isNothing,
  listOf,
  numberOf,
  textOf,
  type Backend,
  type CallArguments,
} from './backend.ts';

/** Company names that the questions use. */
const symbols: Readonly<Record<string, string>> = {
  apple: 'AAPL',
  google: 'GOOG',
  tesla: 'TSLA',
  microsoft: 'MSFT',
  nvidia: 'NVDA',
  amazon: 'AMZN',
  alphabet: 'ALPH',
  'zeta corp': 'ZETA',
  'omega industries': 'OMEG',
  'quasar ltd.': 'QUAS',
  'neptune systems': 'NEPT',
  'synex solutions': 'SYNX',
};

const sectors: Readonly<Record<string, readonly string[]>> = { Technology: ['AAPL', 'GOOG', 'MSFT', 'NVDA'] };

/** Orders of an account whose sample lists none, although its ground truth goes on to use them. */
const defaultOrders: JsonObject = {
  '12345': { id: 12345, order_type: 'Buy', symbol: 'AAPL', price: 210.65, amount: 10, status: 'Completed' },
  '12446': { id: 12446, order_type: 'Sell', symbol: 'GOOG', price: 2840.56, amount: 5, status: 'Pending' },
};

const timestamp = '2024-10-27 14:10:53';

class Broker {
  readonly orders: Map<string, Json>;
  readonly account: Record<string, Json>;
  readonly stocks: JsonObject;
  readonly marketStatus: Json;
  isAuthenticated: boolean;
  orderCounter: number;
  watchList: Json[];
  readonly history: Json[];

  constructor(config: JsonObject) {
    const members = (key: string): JsonObject => (isJsonObject(config[key]) ? copyOf(config[key]) : {});
    this.orders = new Map(Object.entries(isJsonObject(config.orders) ? members('orders') : copyOf(defaultOrders)));
    this.account = { ...members('account_info') };
    this.stocks = members('stocks');
    this.marketStatus = config.market_status ?? 'Closed';
    this.isAuthenticated = config.authenticated === true;
    this.orderCounter = typeof config.order_counter === 'number' ? config.order_counter : 12446;
    this.watchList = [...listOf(config, 'watch_list')];
    this.history = [...copyOf(listOf(config, 'transaction_history'))];
  }

  get balance(): number {
    return typeof this.account.balance === 'number' ? this.account.balance : 0;
  }

  signedIn(act: () => JsonObject): JsonObject {
    return this.isAuthenticated ? act() : failed('the user is not logged in');
  }

  withOrder(values: CallArguments, act: (order: JsonObject, key: string) => JsonObject): JsonObject {
    const key = typeof values.order_id === 'number' ? String(values.order_id) : '';
    const order = this.orders.get(key);
    return isJsonObject(order) ? act(order, key) : failed(`there is no order ${textOf(values, 'order_id')}`);
  }

  withStock(symbol: string, act: (stock: JsonObject) => JsonObject): JsonObject {
    const stock = this.stocks[symbol];
    return isJsonObject(stock) ? act(stock) : failed(`there is no stock ${symbol}`);
  }

  move(type: 'deposit' | 'withdrawal', amount: number): JsonObject {
    this.account.balance = this.balance + (type === 'deposit' ? amount : -amount);
    this.history.push({ type, amount, timestamp });
    return { status: `${type} done`, new_balance: this.balance };
  }
}

const priceOf = (stock: JsonObject): number => (typeof stock.price === 'number' ? stock.price : Number.NaN);

function place(broker: Broker, values: CallArguments): JsonObject {
  const [type, symbol] = [textOf(values, 'order_type'), textOf(values, 'symbol')];
  const [price, amount] = [numberOf(values, 'price'), numberOf(values, 'amount')];
  if (!(price > 0 && amount > 0)) return failed('price and amount must be positive');
  return broker.withStock(symbol, () => {
    if (type.toLowerCase() === 'buy' && price * amount > broker.balance)
      return failed('the balance is too low for this order');
    const id = broker.orderCounter;
    broker.orders.set(String(id), { id, order_type: type, symbol, price, amount, status: 'Open' });
    broker.orderCounter++;
    return { order_id: id, order_type: type, status: 'Pending', price, amount };
  });
}

function cancel(broker: Broker, values: CallArguments): JsonObject {
  return broker.withOrder(values, (order, key) => {
    if (order.status === 'Completed') return failed(`order ${key} is completed`);
    broker.orders.set(key, { ...order, status: 'Cancelled' });
    return { ...values, status: 'Cancelled' };
  });
}

function watch(broker: Broker, symbol: string): JsonObject {
  // What is no stock is passed over in silence.
  if (isJsonObject(broker.stocks[symbol]) && !broker.watchList.includes(symbol)) broker.watchList.push(symbol);
  return { watchlist: [...broker.watchList] };
}

function unwatch(broker: Broker, symbol: string): JsonObject {
  if (!broker.watchList.includes(symbol)) return failed(`${symbol} is not in the watchlist`);
  broker.watchList = broker.watchList.filter((item) => item !== symbol);
  return { status: `${symbol} removed` };
}

function withdraw(broker: Broker, amount: number): JsonObject {
  if (broker.marketStatus !== 'Open') return failed('the market is closed');
  if (!(amount > 0)) return failed('the amount must be positive');
  return amount > broker.balance ? failed('the balance is too low') : broker.move('withdrawal', amount);
}

function filterByPrice(broker: Broker, values: CallArguments): JsonObject {
  const [low, high] = [numberOf(values, 'min_price'), numberOf(values, 'max_price')];
  const kept = listOf(values, 'stocks').filter((symbol) => {
    const stock = broker.stocks[String(symbol)];
    return isJsonObject(stock) && priceOf(stock) >= low && priceOf(stock) <= high;
  });
  return { filtered_stocks: kept };
}

function notifyChanges(broker: Broker, values: CallArguments): JsonObject {
  const changed = listOf(values, 'stocks').filter((symbol) => {
    const stock = broker.stocks[String(symbol)];
    return isJsonObject(stock) && Math.abs(Number(stock.percent_change)) > numberOf(values, 'threshold');
  });
  return {
    notification: changed.length === 0 ? 'no significant changes' : `significant changes: ${changed.join(', ')}`,
  };
}

function historyBetween(broker: Broker, values: CallArguments): JsonObject {
  const from = isNothing(values.start_date) ? '' : textOf(values, 'start_date');
  const to = isNothing(values.end_date) ? '9999' : `${textOf(values, 'end_date')} 99`;
  const kept = broker.history.filter((entry) => {
    const at = isJsonObject(entry) ? String(entry.timestamp ?? '') : '';
    return at >= from && at <= to;
  });
  return { transaction_history: copyOf(kept) };
}

/** A broker's account with orders and a watchlist. */
export function openTradingBot(config: JsonObject): Backend {
  const broker = new Broker(config);
  const setLogin = (isIn: boolean) => (): JsonObject => {
    broker.isAuthenticated = isIn;
    return { status: isIn ? 'logged in' : 'logged out' };
  };
  return {
    functions: {
      trading_login: setLogin(true),
      trading_logout: () => broker.signedIn(setLogin(false)),
      trading_get_login_status: () => ({ status: broker.isAuthenticated }),
      get_current_time: () => ({ current_time: '10:30 AM' }),
      get_symbol_by_name: (values) => ({ symbol: symbols[textOf(values, 'name').toLowerCase()] ?? 'Stock not found' }),
      get_available_stocks: (values) => ({ stock_list: sectors[textOf(values, 'sector')] ?? [] }),
      get_stock_info: (values) => broker.withStock(textOf(values, 'symbol'), (stock) => copyOf(stock)),
      get_account_info: () => broker.signedIn(() => copyOf(broker.account)),
      place_order: (values) => broker.signedIn(() => place(broker, values)),
      cancel_order: (values) => broker.signedIn(() => cancel(broker, values)),
      get_order_details: (values) => broker.withOrder(values, (order) => copyOf(order)),
      get_order_history: () =>
        broker.signedIn(() => ({
          order_history: [...broker.orders].filter(([, order]) => isJsonObject(order)).map(([id]) => Number(id)),
        })),
      fund_account: (values) =>
        broker.signedIn(() =>
          numberOf(values, 'amount') > 0
            ? broker.move('deposit', numberOf(values, 'amount'))
            : failed('the amount must be positive'),
        ),
      withdraw_funds: (values) => broker.signedIn(() => withdraw(broker, numberOf(values, 'amount'))),
      get_transaction_history: (values) => broker.signedIn(() => historyBetween(broker, values)),
      get_watchlist: () => broker.signedIn(() => ({ watchlist: [...broker.watchList] })),
      add_to_watchlist: (values) => watch(broker, textOf(values, 'stock')),
      remove_stock_from_watchlist: (values) => broker.signedIn(() => unwatch(broker, textOf(values, 'symbol'))),
      filter_stocks_by_price: (values) => filterByPrice(broker, values),
      notify_price_change: (values) => notifyChanges(broker, values),
    },
    state: () => ({
      orders: copyOf(Object.fromEntries(broker.orders)),
      account_info: copyOf(broker.account),
      authenticated: broker.isAuthenticated,
      market_status: broker.marketStatus,
      order_counter: broker.orderCounter,
      stocks: copyOf(broker.stocks),
      watch_list: [...broker.watchList],
      transaction_history: copyOf(broker.history),
    }),
  };
}
