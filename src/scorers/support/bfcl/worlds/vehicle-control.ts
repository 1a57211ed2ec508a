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

/** Distances in km; the first four follow from the ground truth, the other two only occur there without a value. */
const distances: Readonly<Record<string, number>> = {
  '83214-94016': 980,
  '74532-83214': 750,
  '51479-69238': 630,
  '62947-94016': 780,
  '74532-94016': 880,
  '47329-62947': 120,
};

const doorNames = ['driver', 'passenger', 'rear_left', 'rear_right'];
const tires = ['frontLeftTirePressure', 'frontRightTirePressure', 'rearLeftTirePressure', 'rearRightTirePressure'];

class Vehicle {
  readonly facts: Record<string, Json>;
  /** How far the brake pedal is pressed, 0 to 1; not part of what is compared. */
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
    if (vehicle.number('fuelLevel') <= 0) return failed('the tank is empty');
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
  const doors = listOf(values, 'door').map(String);
  const unknown = doors.find((name) => !doorNames.includes(name));
  if (unknown !== undefined) return failed(`there is no door ${unknown}`);
  const status = values.unlock === true ? 'unlocked' : 'locked';
  vehicle.facts.doorStatus = { ...vehicle.doors, ...Object.fromEntries(doors.map((name) => [name, status])) };
  vehicle.facts.remainingUnlockedDoors = vehicle.unlocked.length;
  return { lockStatus: status, remainingUnlockedDoors: vehicle.unlocked.length };
}

function climate(vehicle: Vehicle, values: CallArguments): JsonObject {
  const unit = isNothing(values.unit) ? 'celsius' : textOf(values, 'unit');
  const fanSpeed = isNothing(values.fanSpeed) ? 50 : numberOf(values, 'fanSpeed');
  const mode = isNothing(values.mode) ? 'auto' : textOf(values, 'mode');
  if (!['celsius', 'fahrenheit'].includes(unit) || !['auto', 'cool', 'heat', 'defrost'].includes(mode))
    return failed('no such unit or mode');
  if (!(fanSpeed >= 0 && fanSpeed <= 100)) return failed('the fan speed is from 0 to 100');
  const given = numberOf(values, 'temperature');
  const temperature = unit === 'fahrenheit' ? ((given - 32) * 5) / 9 : given;
  Object.assign(vehicle.facts, { acTemperature: temperature, fanSpeed, acMode: mode });
  return { currentTemperature: temperature, climateMode: mode, humidityLevel: vehicle.number('humidityLevel') };
}

function cruise(vehicle: Vehicle, values: CallArguments): JsonObject {
  const [speed, distance] = [numberOf(values, 'speed'), numberOf(values, 'distanceToNextVehicle')];
  const isOn = values.activate === true;
  if (isOn) {
    if (vehicle.facts.engineState !== 'running') return failed('the engine must be running');
    if (!(speed >= 0 && speed <= 120 && speed % 5 === 0)) return failed('the speed is from 0 to 120 in steps of 5');
    vehicle.facts.distanceToNextVehicle = distance;
  }
  const cruiseStatus = isOn ? 'active' : 'inactive';
  vehicle.facts.cruiseStatus = cruiseStatus;
  const { distanceToNextVehicle } = vehicle.facts;
  return {
    cruiseStatus,
    currentSpeed: speed,
    distanceToNextVehicle: distanceToNextVehicle ?? null,
  };
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
  const status = mode === 'off' ? 'off' : 'on';
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
  return status === undefined ? failed(`there is nothing to show for ${option}`) : { status };
}

function tirePressure(vehicle: Vehicle): JsonObject {
  const pressures = tires.map((key) => [key, vehicle.number(key)] as const);
  const mean = pressures.reduce((sum, [, value]) => sum + value, 0) / pressures.length;
  return {
    tirePressure: { ...Object.fromEntries(pressures), healthy_tire_pressure: mean >= 30 && mean <= 35, car_info: {} },
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
  get_outside_temperature_from_google: () => ({ outsideTemperature: 35 }),
  get_outside_temperature_from_weather_com: () => ({ outsideTemperature: 35 }),
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
      get_current_speed: () => ({ currentSpeed: 0 }),
    },
    state: () => copyOf(vehicle.facts),
  };
}
