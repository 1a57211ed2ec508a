/** Words by what they name; each stands in one list only and in no other sense that a list has. */
export const categories: Readonly<Record<string, readonly string[]>> = {
  animal: ['horse', 'sheep', 'rabbit', 'wolf', 'goat', 'camel', 'donkey', 'squirrel', 'hamster', 'elephant'],
  fruit: ['apple', 'pear', 'cherry', 'banana', 'grape', 'melon', 'mango', 'peach', 'apricot', 'raspberry'],
  colour: ['red', 'blue', 'green', 'yellow', 'purple', 'grey', 'white', 'black', 'brown', 'turquoise'],
  tool: ['hammer', 'saw', 'chisel', 'shovel', 'wrench', 'rake', 'screwdriver', 'pliers', 'axe', 'sickle'],
  garment: ['shirt', 'coat', 'skirt', 'glove', 'scarf', 'trousers', 'jacket', 'sweater', 'sock', 'blouse'],
  instrument: ['violin', 'flute', 'trumpet', 'guitar', 'cello', 'piano', 'clarinet', 'harp', 'oboe', 'trombone'],
  vehicle: ['truck', 'bicycle', 'tram', 'ship', 'helicopter', 'wagon', 'ferry', 'taxi', 'scooter', 'tractor'],
};

/** Names of the lists, in a fixed order. */
export const categoryNames: readonly string[] = Object.keys(categories);
