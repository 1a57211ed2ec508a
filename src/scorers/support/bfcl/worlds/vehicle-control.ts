import type { Json, JsonObject } from '../../../../core/json.ts';
import { pythonRandom, type PythonRandom } from '../python-random.ts';
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

const tankGallons = 50;
const milesPerGallon = 20;
const litersPerGallon = 3.78541;
const gallonsPerLiter = 0.264172;

/** Codes of the places that the ground truth asks for. */
const zipcodes: Readonly<Record<string, string>> = {
  Rivermist: '83214',
  Stonebrook: '74532',
  'San Francisco': '94016',
  'Crescent Hollow': '69238',
  Autumnville: '51479',
  Silverpine: '62947',
  Oakendale: '47329',
};

/** Distances in km. */
const distances: Readonly<Record<string, number>> = {
  '83214-94016': 980,
  '74532-83214': 750,
  '51479-69238': 630,
  '62947-94016': 780,
  '74532-94016': 880,
  '47329-62947': 1053,
  '56108-62947': 320,
  '71354-83462': 450,
  '47329-52013': 290,
  '94016-94704': 600,
  '08540-94704': 2550,
  '08540-94016': 1950,
};

const doorNames = ['driver', 'passenger', 'rear_left', 'rear_right'];
const tires = ['frontLeftTirePressure', 'frontRightTirePressure', 'rearLeftTirePressure', 'rearRightTirePressure'];

class Vehicle {
  readonly facts: Record<string, Json>;
  readonly random: PythonRandom = pythonRandom(141053);
  /** How far the brake pedal is pressed, 0 to 1; compared is only whether it is. */
  brake = 0;

  constructor(config: JsonObject) {
    this.facts = { ...copyOf(config) };
  }

  number(key: string): number {
    const value = this.facts[key];
    return typeof value === 'number' ? value : 0;
  }

  get doors(): JsonObject {
    return isJsonObject(this.facts.doorStatus) ? this.facts.doorStatus : {};
  }

  get unlocked(): string[] {
    return doorNames.filter((name) => this.doors[name] !== 'locked');
  }
}

function startEngine(vehicle: Vehicle, mode: string): JsonObject {
  if (mode !== 'STOP') {
    if (mode !== 'START') return failed(`there is no ignition mode ${mode}`);
    if (vehicle.unlocked.length > 0)
      return failed(`all doors must be locked; unlocked: ${vehicle.unlocked.join(', ')}`);
    if (vehicle.brake < 1) return failed('the brake pedal must be pressed fully');
  }
  const engineState = mode === 'STOP' ? 'stopped' : 'running';
  vehicle.facts.engineState = engineState;
  const { fuelLevel, batteryVoltage } = vehicle.facts;
  return { engineState, fuelLevel: fuelLevel ?? null, batteryVoltage: batteryVoltage ?? null };
}

function fill(vehicle: Vehicle, amount: number): JsonObject {
  const level = vehicle.number('fuelLevel') + amount;
  if (!(amount >= 0)) return failed('the amount must not be negative');
  if (level > tankGallons) return failed(`the tank holds ${tankGallons} gallons`);
  vehicle.facts.fuelLevel = level;
  return { fuelLevel: level };
}

function lock(vehicle: Vehicle, values: CallArguments): JsonObject {
  const doors = (Array.isArray(values.door) ? listOf(values, 'door') : Array.from(textOf(values, 'door'))).map(String);
  const unknown = doors.find((name) => !doorNames.includes(name));
  if (unknown !== undefined) return failed(`there is no door ${unknown}`);
  const status = values.unlock ? 'unlocked' : 'locked';
  vehicle.facts.doorStatus = { ...vehicle.doors, ...Object.fromEntries(doors.map((name) => [name, status])) };
  return { lockStatus: status, remainingUnlockedDoors: vehicle.unlocked.length };
}

function climate(vehicle: Vehicle, values: CallArguments): JsonObject {
  const unit = isNothing(values.unit) ? 'celsius' : textOf(values, 'unit');
  const fanSpeed = isNothing(values.fanSpeed) ? 50 : numberOf(values, 'fanSpeed');
  const mode = isNothing(values.mode) ? 'auto' : textOf(values, 'mode');
  if (!(fanSpeed >= 0 && fanSpeed <= 100)) return failed('the fan speed is from 0 to 100');
  const given = numberOf(values, 'temperature');
  if (Number.isNaN(given)) return failed('the temperature must be a number');
  const temperature = unit === 'fahrenheit' ? ((given - 32) * 5) / 9 : given;
  Object.assign(vehicle.facts, { acTemperature: temperature, fanSpeed, acMode: mode });
  return { currentACTemperature: given, climateMode: mode, humidityLevel: vehicle.number('humidityLevel') };
}

function cruise(vehicle: Vehicle, values: CallArguments): JsonObject {
  const [speed, distance] = [Number(textOf(values, 'speed')), Number(textOf(values, 'distanceToNextVehicle'))];
  const isOn = Boolean(values.activate);
  if (!Number.isFinite(speed) || !Number.isFinite(distance)) return failed('speed and distance must be numbers');
  if (vehicle.facts.engineState !== 'running') return failed('the engine must be running');
  if (isOn && !(speed >= 0 && speed <= 120 && speed % 5 === 0))
    return failed('the speed is from 0 to 120 in steps of 5');
  const cruiseStatus = isOn ? 'active' : 'inactive';
  Object.assign(vehicle.facts, { cruiseStatus, distanceToNextVehicle: distance });
  return { cruiseStatus, currentSpeed: speed, distanceToNextVehicle: distance };
}

function parkingBrake(vehicle: Vehicle, mode: string): JsonObject {
  if (!['engage', 'release'].includes(mode)) return failed(`there is no mode ${mode}`);
  const { status, force } = mode === 'engage' ? { status: 'engaged', force: 500 } : { status: 'released', force: 0 };
  const slopeAngle = 10;
  Object.assign(vehicle.facts, { parkingBrakeStatus: status, parkingBrakeForce: force, slopeAngle });
  return { parkingBrakeStatus: status, _parkingBrakeForce: force, _slopeAngle: slopeAngle };
}

function pressBrake(vehicle: Vehicle, position: number): JsonObject {
  if (!(position >= 0 && position <= 1)) return failed('the position is from 0 to 1');
  vehicle.brake = position;
  return { brakePedalStatus: position === 0 ? 'released' : 'pressed', brakePedalForce: 1000 * position };
}

function headlights(vehicle: Vehicle, mode: string): JsonObject {
  if (!['on', 'off', 'auto'].includes(mode)) return failed(`there is no mode ${mode}`);
  const status = mode === 'on' ? 'on' : 'off';
  vehicle.facts.headLightStatus = status;
  return { headlightStatus: status };
}

function display(vehicle: Vehicle, option: string): JsonObject {
  const { facts } = vehicle;
  const shown: Readonly<Record<string, JsonObject>> = {
    fuel: { fuelLevel: facts.fuelLevel ?? null },
    battery: { batteryVoltage: facts.batteryVoltage ?? null },
    doors: { doorStatus: copyOf(vehicle.doors) },
    climate: {
      currentACTemperature: facts.acTemperature ?? null,
      fanSpeed: facts.fanSpeed ?? null,
      climateMode: facts.acMode ?? null,
      humidityLevel: facts.humidityLevel ?? null,
    },
    headlights: { headlightStatus: facts.headLightStatus ?? null },
    parkingBrake: {
      parkingBrakeStatus: facts.parkingBrakeStatus ?? null,
      parkingBrakeForce: facts.parkingBrakeForce ?? null,
      slopeAngle: facts.slopeAngle ?? null,
    },
    brakePedal: { brakePedalStatus: vehicle.brake > 0 ? 'pressed' : 'released', brakePedalForce: 1000 * vehicle.brake },
    engine: { engineState: facts.engineState ?? null },
  };
  const status = shown[option];
  return status ?? failed(`there is nothing to show for ${option}`);
}

function tirePressure(vehicle: Vehicle): JsonObject {
  const pressures = tires.map((key) => [key, vehicle.number(key)] as const);
  const mean = pressures.reduce((sum, [, value]) => sum + value, 0) / pressures.length;
  return {
    ...Object.fromEntries(pressures),
    healthy_tire_pressure: mean >= 30 && mean <= 35,
    car_info: {},
  };
}

function distance(values: CallArguments): JsonObject {
  const pair = [textOf(values, 'cityA'), textOf(values, 'cityB')].toSorted().join('-');
  const value = distances[pair];
  return value === undefined ? failed('the distance is not known') : { distance: value };
}

const roadFunctions = (vehicle: Vehicle): Backend['functions'] => ({
  get_zipcode_based_on_city: (values) => ({ zipcode: zipcodes[textOf(values, 'city')] ?? '00000' }),
  estimate_distance: distance,
  estimate_drive_feasibility_by_mileage: (values) => ({
    canDrive: numberOf(values, 'distance') <= milesPerGallon * vehicle.number('fuelLevel'),
  }),
  gallon_to_liter: (values) => ({ liter: numberOf(values, 'gallon') * litersPerGallon }),
  liter_to_gallon: (values) => ({ gallon: numberOf(values, 'liter') * gallonsPerLiter }),
  find_nearest_tire_shop: () => ({ shopLocation: '456 Oakwood Avenue, Rivermist, 83214' }),
  get_outside_temperature_from_google: () => ({ outsideTemperature: 50 * vehicle.random.fraction() - 10 }),
  get_outside_temperature_from_weather_com: () => ({ error: 404 }),
  set_navigation: (values) => {
    vehicle.facts.destination = textOf(values, 'destination');
    return { status: `navigating to ${textOf(values, 'destination')}` };
  },
});

/** A car with doors, tank, engine and climate. */
export function openVehicleControl(config: JsonObject): Backend {
  const vehicle = new Vehicle(config);
  return {
    functions: {
      ...roadFunctions(vehicle),
      startEngine: (values) => startEngine(vehicle, textOf(values, 'ignitionMode')),
      fillFuelTank: (values) => fill(vehicle, numberOf(values, 'fuelAmount')),
      lockDoors: (values) => lock(vehicle, values),
      adjustClimateControl: (values) => climate(vehicle, values),
      setCruiseControl: (values) => cruise(vehicle, values),
      activateParkingBrake: (values) => parkingBrake(vehicle, textOf(values, 'mode')),
      pressBrakePedal: (values) => pressBrake(vehicle, numberOf(values, 'pedalPosition')),
      releaseBrakePedal: () => pressBrake(vehicle, 0),
      setHeadlights: (values) => headlights(vehicle, textOf(values, 'mode')),
      displayCarStatus: (values) => display(vehicle, textOf(values, 'option')),
      display_log: (values) => ({ log: [...listOf(values, 'messages')] }),
      check_tire_pressure: () => tirePressure(vehicle),
      get_current_speed: () => ({ currentSpeed: 120 * vehicle.random.fraction() }),
    },
    // The force and the slope are no part of what is compared.
    state: () => {
      const { parkingBrakeForce: _, slopeAngle: __, brakePedalForce: ___, ...facts } = copyOf(vehicle.facts);
      return {
        ...facts,
        remainingUnlockedDoors: vehicle.unlocked.length,
        brakePedalStatus: vehicle.brake > 0 ? 'pressed' : 'released',
      };
    },
  };
}
