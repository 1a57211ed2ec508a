import type { ProblemDraw, ProblemStage } from './problem-draw.ts';

/** Makes the three stages of a story; null when the drawn numbers do not come out even. */
export type ProblemTemplate = (draw: ProblemDraw) => readonly ProblemStage[] | null;

type StageParts = readonly [told: string, sum: string, result: number, asked: string];

const stage = (...[told, sum, result, asked]: StageParts): ProblemStage => ({ told, sum, result, asked });

const collection: ProblemTemplate = ({ name, other, thing, ...draw }) => {
  const [start, gained, more] = [draw.amount(), draw.amount(), draw.amount()];
  const lost = draw.below(start + gained);
  const asked = `How many ${thing} does ${name} have now?`;
  return [
    stage(`${name} has ${start} ${thing} and gets ${gained} more.`, `${start} + ${gained}`, start + gained, asked),
    stage(
      `Then ${name} gives ${lost} of them to ${other}.`,
      `${start + gained} - ${lost}`,
      start + gained - lost,
      asked,
    ),
    stage(
      `After that, ${name} finds ${more} more.`,
      `${start + gained - lost} + ${more}`,
      start + gained - lost + more,
      asked,
    ),
  ];
};

const baskets: ProblemTemplate = ({ name, thing, ...draw }) => {
  const [count, each] = [draw.factor(), draw.factor()];
  const all = count * each;
  const taken = draw.below(all);
  const share = draw.divisorOf(all - taken);
  if (share === null) return null;
  return [
    stage(
      `${name} fills ${count} baskets with ${each} ${thing} each.`,
      `${count} * ${each}`,
      all,
      `How many ${thing} are there?`,
    ),
    stage(`Then ${taken} ${thing} are taken out.`, `${all} - ${taken}`, all - taken, `How many ${thing} are left?`),
    stage(
      `The rest is shared equally among ${share} children.`,
      `${all - taken} / ${share}`,
      (all - taken) / share,
      `How many ${thing} does each child get?`,
    ),
  ];
};

const shop: ProblemTemplate = ({ name, thing, ...draw }) => {
  const [count, price, extra] = [draw.factor(), draw.factor(), draw.amount()];
  const [cost, total] = [count * price, count * price + extra];
  const paid = total + draw.amount();
  return [
    stage(
      `${name} buys ${count} ${thing} for $${price} each.`,
      `${count} * ${price}`,
      cost,
      `How many dollars does ${name} spend?`,
    ),
    stage(
      `${name} also buys a bag for $${extra}.`,
      `${cost} + ${extra}`,
      total,
      `How many dollars does ${name} spend in all?`,
    ),
    stage(`${name} pays with $${paid}.`, `${paid} - ${total}`, paid - total, `How many dollars does ${name} get back?`),
  ];
};

const reading: ProblemTemplate = ({ name, ...draw }) => {
  const [pages, days, rate] = [draw.factor(), draw.factor(), draw.factor()];
  const read = pages * days;
  const left = rate * draw.factor();
  return [
    stage(
      `${name} reads ${pages} pages of a book on each of ${days} days.`,
      `${pages} * ${days}`,
      read,
      `How many pages has ${name} read?`,
    ),
    stage(`The book has ${read + left} pages.`, `${read + left} - ${read}`, left, `How many pages are left to read?`),
    stage(
      `From now on, ${name} reads ${rate} pages a day.`,
      `${left} / ${rate}`,
      left / rate,
      `How many more days does ${name} need?`,
    ),
  ];
};

const driving: ProblemTemplate = ({ name, ...draw }) => {
  const [speed, hours, more] = [draw.factor() * 10, draw.factor(), draw.amount()];
  const way = speed * hours;
  return [
    stage(
      `${name} drives ${speed} kilometres an hour for ${hours} hours.`,
      `${speed} * ${hours}`,
      way,
      `How many kilometres does ${name} drive?`,
    ),
    stage(
      `Then ${name} drives another ${more} kilometres.`,
      `${way} + ${more}`,
      way + more,
      `How many kilometres does ${name} drive in all?`,
    ),
    stage(
      `${name} goes back the same way.`,
      `${way + more} * 2`,
      (way + more) * 2,
      `How many kilometres does ${name} drive there and back?`,
    ),
  ];
};

const wages: ProblemTemplate = ({ name, ...draw }) => {
  const [rate, hours, weeks] = [draw.factor(), draw.factor(), draw.factor()];
  const pay = rate * hours;
  const spent = draw.below(pay);
  return [
    stage(
      `${name} earns $${rate} an hour and works ${hours} hours a week.`,
      `${rate} * ${hours}`,
      pay,
      `How many dollars does ${name} earn a week?`,
    ),
    stage(
      `Each week ${name} spends $${spent} and keeps the rest.`,
      `${pay} - ${spent}`,
      pay - spent,
      `How many dollars does ${name} keep a week?`,
    ),
    stage(
      `${name} does so for ${weeks} weeks.`,
      `${pay - spent} * ${weeks}`,
      (pay - spent) * weeks,
      `How many dollars does ${name} keep in all?`,
    ),
  ];
};

const comparing: ProblemTemplate = ({ name, other, thing, ...draw }) => {
  const [own, times, extra] = [draw.factor(), draw.factor(), draw.amount()];
  const theirs = own * times;
  const both = own + theirs;
  return [
    stage(
      `${name} has ${own} ${thing}. ${other} has ${times} times as many.`,
      `${own} * ${times}`,
      theirs,
      `How many ${thing} does ${other} have?`,
    ),
    stage('They put all of them into one box.', `${own} + ${theirs}`, both, `How many ${thing} are in the box?`),
    stage(
      `A teacher puts ${extra} more into the box.`,
      `${both} + ${extra}`,
      both + extra,
      `How many ${thing} are in the box now?`,
    ),
  ];
};

const sharing: ProblemTemplate = ({ name, thing, ...draw }) => {
  const [friends, each, later] = [draw.factor(), draw.factor(), draw.amount()];
  const all = friends * each;
  const given = draw.below(each);
  return [
    stage(
      `${name} and some friends, ${friends} children in all, share ${all} ${thing} equally.`,
      `${all} / ${friends}`,
      each,
      `How many ${thing} does each child get?`,
    ),
    stage(
      `${name} gives ${given} away.`,
      `${each} - ${given}`,
      each - given,
      `How many ${thing} does ${name} have left?`,
    ),
    stage(
      `The next day ${name} gets ${later} more.`,
      `${each - given} + ${later}`,
      each - given + later,
      `How many ${thing} does ${name} have then?`,
    ),
  ];
};

const ages: ProblemTemplate = ({ name, other, ...draw }) => {
  const [age, gap] = [draw.amount() + 1, draw.amount()];
  const older = age + gap;
  const years = draw.below(older);
  const young = older - years;
  return [
    stage(
      `${name} is ${age} years old. ${other} is ${gap} years older.`,
      `${age} + ${gap}`,
      older,
      `How old is ${other}?`,
    ),
    stage(`An uncle is ${years} years younger than ${other}.`, `${older} - ${years}`, young, 'How old is the uncle?'),
    stage('An aunt is twice as old as the uncle.', `${young} * 2`, young * 2, 'How old is the aunt?'),
  ];
};

const garden: ProblemTemplate = ({ name, ...draw }) => {
  const [rows, plants] = [draw.factor(), draw.factor()];
  const all = rows * plants;
  const dead = draw.below(all);
  const [left, fruit] = [all - dead, draw.factor()];
  return [
    stage(
      `${name} plants ${rows} rows of ${plants} bushes.`,
      `${rows} * ${plants}`,
      all,
      `How many bushes does ${name} plant?`,
    ),
    stage(`In winter ${dead} bushes die.`, `${all} - ${dead}`, left, 'How many bushes are left?'),
    stage(
      `Each bush that is left bears ${fruit} berries.`,
      `${left} * ${fruit}`,
      left * fruit,
      'How many berries are there?',
    ),
  ];
};

const bus: ProblemTemplate = ({ ...draw }) => {
  const [on, more, last] = [draw.amount() + 2, draw.amount(), draw.amount()];
  const off = draw.below(on);
  return [
    stage(
      `A bus with ${on} people stops and ${off} get off.`,
      `${on} - ${off}`,
      on - off,
      'How many people are on the bus?',
    ),
    stage(
      `At the same stop ${more} people get on.`,
      `${on - off} + ${more}`,
      on - off + more,
      'How many people are on the bus now?',
    ),
    stage(
      `At the next stop ${last} more get on and nobody gets off.`,
      `${on - off + more} + ${last}`,
      on - off + more + last,
      'How many people are on the bus then?',
    ),
  ];
};

const saving: ProblemTemplate = ({ name, ...draw }) => {
  const [rate, weeks, had] = [draw.factor(), draw.factor(), draw.amount()];
  const saved = rate * weeks;
  const price = draw.below(saved + had);
  return [
    stage(
      `${name} saves $${rate} a week for ${weeks} weeks.`,
      `${rate} * ${weeks}`,
      saved,
      `How many dollars does ${name} save?`,
    ),
    stage(
      `Before that, ${name} had $${had}.`,
      `${saved} + ${had}`,
      saved + had,
      `How many dollars does ${name} have now?`,
    ),
    stage(
      `${name} buys a lamp for $${price}.`,
      `${saved + had} - ${price}`,
      saved + had - price,
      `How many dollars does ${name} have left?`,
    ),
  ];
};

const packing: ProblemTemplate = ({ name, thing, ...draw }) => {
  const [size, boxes, price, fee] = [draw.factor(), draw.factor(), draw.factor(), draw.amount()];
  const all = size * boxes;
  const cost = boxes * price;
  return [
    stage(
      `${name} packs ${all} ${thing} into boxes of ${size}.`,
      `${all} / ${size}`,
      boxes,
      `How many boxes does ${name} fill?`,
    ),
    stage(`A box costs $${price}.`, `${boxes} * ${price}`, cost, `How many dollars do the boxes cost?`),
    stage(
      `Sending them costs $${fee} more.`,
      `${cost} + ${fee}`,
      cost + fee,
      `How many dollars does ${name} pay in all?`,
    ),
  ];
};

const tank: ProblemTemplate = ({ ...draw }) => {
  const [rate, minutes, tanks] = [draw.factor(), draw.factor(), draw.factor()];
  const filled = rate * minutes;
  const lost = draw.below(filled);
  return [
    stage(
      `A pump puts ${rate} litres a minute into a tank for ${minutes} minutes.`,
      `${rate} * ${minutes}`,
      filled,
      'How many litres are in the tank?',
    ),
    stage(
      `Then ${lost} litres leak out.`,
      `${filled} - ${lost}`,
      filled - lost,
      'How many litres are left in the tank?',
    ),
    stage(
      `There are ${tanks} such tanks.`,
      `${filled - lost} * ${tanks}`,
      (filled - lost) * tanks,
      'How many litres are left in all tanks together?',
    ),
  ];
};

const school: ProblemTemplate = ({ ...draw }) => {
  const [boys, girls, classes] = [draw.amount(), draw.amount(), draw.factor()];
  const each = boys + girls;
  const all = each * classes;
  const absent = draw.below(all);
  return [
    stage(
      `A class has ${boys} boys and ${girls} girls.`,
      `${boys} + ${girls}`,
      each,
      'How many children are in the class?',
    ),
    stage(`A school has ${classes} such classes.`, `${each} * ${classes}`, all, 'How many children are in the school?'),
    stage(
      `Today ${absent} children are ill.`,
      `${all} - ${absent}`,
      all - absent,
      'How many children of the school are not ill?',
    ),
  ];
};

const baking: ProblemTemplate = ({ name, ...draw }) => {
  const [cups, cakes] = [draw.factor(), draw.factor()];
  const needed = cups * cakes;
  const had = draw.below(needed);
  const short = needed - had;
  const price = draw.factor();
  return [
    stage(
      `A cake needs ${cups} cups of flour. ${name} bakes ${cakes} cakes.`,
      `${cups} * ${cakes}`,
      needed,
      'How many cups of flour are needed?',
    ),
    stage(`${name} has ${had} cups.`, `${needed} - ${had}`, short, `How many more cups does ${name} need?`),
    stage(`A cup costs $${price}.`, `${short} * ${price}`, short * price, `How many dollars do the missing cups cost?`),
  ];
};

/** The stories by name, in the order in which they take turns. */
export const problemTemplates: Readonly<Record<string, ProblemTemplate>> = {
  collection,
  baskets,
  shop,
  reading,
  driving,
  wages,
  comparing,
  sharing,
  ages,
  garden,
  bus,
  saving,
  packing,
  tank,
  school,
  baking,
};
