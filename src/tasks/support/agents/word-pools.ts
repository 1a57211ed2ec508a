/** Something a tool can do to a thing. No two actions of a domain can be taken for one another. */
export interface Action {
  /** Used in tool names. */
  readonly verb: string;
  /** Ways in which a user asks for it; `{}` stands for the thing, the first uses the verb itself. */
  readonly phrases: readonly string[];
}

/** What a tool acts on. */
export interface Thing {
  readonly noun: string;
  /** Prefix of its codes. */
  readonly prefix: string;
}

/** Actions and things that go together. */
export interface Domain {
  readonly actions: readonly Action[];
  readonly things: readonly Thing[];
}

const action = (verb: string, ...phrases: string[]): Action => ({ verb, phrases: [`${verb} {}`, ...phrases] });
const things = (nouns: string): Thing[] =>
  nouns.split(' ').map((noun) => ({ noun, prefix: noun.slice(0, 3).toUpperCase() }));

/** Pools of verbs and nouns from which tool names are made. */
export const domains: readonly Domain[] = [
  {
    actions: [
      action('archive', 'put {} into the archive', 'file {} away'),
      action('approve', 'give the go-ahead for {}', 'sign off on {}'),
      action('reject', 'turn down {}', 'say no to {}'),
      action('publish', 'make {} public', 'put {} online'),
      action('print', 'get {} on paper', 'run {} off on the printer'),
      action('translate', 'put {} into another language', 'get {} rendered in another language'),
      action('duplicate', 'make a copy of {}', 'clone {}'),
      action('delete', 'get rid of {}', 'erase {}'),
      action('lock', 'protect {} from changes', 'freeze {}'),
      action('summarize', 'give a short version of {}', 'boil {} down to its main points'),
    ],
    things: things(
      'invoice report contract letter article recipe permit voucher manual survey budget essay poster agenda',
    ),
  },
  {
    actions: [
      action('repair', 'fix {}', 'get {} working again'),
      action('paint', 'put a coat of paint on {}', 'give {} a new colour'),
      action('weigh', 'find out how heavy {} is', 'put {} on the scales'),
      action('photograph', 'take a picture of {}', 'get a photo of {}'),
      action('deliver', 'bring {} to its destination', 'drop off {}'),
      action('insure', 'take out insurance for {}', 'get {} covered against damage'),
      action('clean', 'wash {}', 'get the dirt off {}'),
      action('sell', 'find a buyer for {}', 'put {} up for sale'),
      action('recharge', 'fill up the battery of {}', 'plug in {} for charging'),
      action('dismantle', 'take {} apart', 'break {} down into its parts'),
    ],
    things: things('sensor scooter bicycle camera printer drone lamp piano robot heater speaker kiosk turbine trolley'),
  },
  {
    actions: [
      action('cancel', 'call off {}', 'scrap {}'),
      action('pause', 'put {} on hold', 'suspend {} for now'),
      action('resume', 'carry on with {}', 'pick {} up again'),
      action('renew', 'extend {} for another term', 'prolong {}'),
      action('advertise', 'spread the word about {}', 'promote {}'),
      action('record', 'tape {}', 'make a recording of {}'),
      action('rate', 'leave a rating for {}', 'give a score to {}'),
      action('refund', 'pay back the money for {}', 'return the fee for {}'),
      action('relocate', 'move {} to another place', 'hold {} somewhere else'),
      action('audit', 'check the accounts of {}', 'go through the books of {}'),
    ],
    things: things(
      'booking meeting workshop lesson tour concert membership subscription webinar exhibit seminar rehearsal picnic auction',
    ),
  },
];

/** Frames of a request; `{}` stands for what is to be done. */
export const requestFrames: readonly string[] = [
  'Please {}.',
  'Can you {}?',
  'I need you to {}.',
  'Could you {}, please?',
  'I would like you to {}.',
  'Go ahead and {}.',
  'Next, {}.',
  'Your job now: {}.',
  'It is time to {}.',
  'Help me out and {}.',
];

/** Words that join the parts of a request with several actions. */
export const partJoiners: readonly string[] = ['; also ', '; then ', ', and ', '; after that ', '; and besides, '];

export const firstNames: readonly string[] =
  'Ada Bela Cora Dario Edda Farid Gita Hugo Ines Jonas Kira Lars Mara Nils Olga Pablo Quinn Rosa Sven Tara Umar Vera Wim Yara Zeno'.split(
    ' ',
  );

export const lastNames: readonly string[] =
  'Abel Brandt Castro Dahl Eklund Fischer Gomez Holt Ivanov Jansen Keller Lopez Moreau Novak Okoye Petrov Quist Rossi Sato Torres Ude Vance Weber Yilmaz Zeman'.split(
    ' ',
  );

export const cities: readonly string[] =
  'Lisbon Oslo Turin Ghent Porto Riga Bergen Krakow Leipzig Malmo Nantes Odense Parma Quito Rouen Seville Tartu Utrecht Vilnius Warsaw Zagreb Cardiff Dublin Exeter'.split(
    ' ',
  );

export const labels: readonly string[] =
  'red blue green amber violet silver north south east west alpha beta gamma delta spring autumn fragile priority draft shared internal seasonal'.split(
    ' ',
  );

export const goods: readonly string[] =
  'chair table cable battery filter helmet bottle blanket ladder bucket hammer basket mirror candle towel wrench'.split(
    ' ',
  );

export const noteWords: readonly string[] =
  'ring back door third floor blue gate handle gently ask desk leave porch call ahead mind step side entrance spare key under stone'.split(
    ' ',
  );

export const streets: readonly string[] =
  'Mill Lane|Harbour Street|Oak Avenue|Station Road|Church Hill|Garden Row|Castle Street|River Walk|Orchard Way|Bridge Street'.split(
    '|',
  );

export const months: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');
