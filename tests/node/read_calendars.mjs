// Reads calendar files with ical.js (the engine of Thunderbird and Nextcloud) and with node-ical, and prints as JSON
// what each understood: node read_calendars.mjs FILE...   Moments are ISO 8601 in UTC, whole days YYYY-MM-DD.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import ical from 'node-ical';

const instant = (date) => date.toISOString();
const localDay = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

function withIcalJs(text) {
  const root = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  root.getAllSubcomponents('vtimezone').forEach((zone) => ICAL.TimezoneService.register(zone));
  const moment = (time) => (time.isDate ? time.toString() : instant(time.toJSDate()));
  const entries = root.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const value = (name) => component.getFirstPropertyValue(name);
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: value('status'),
      starts: moment(event.startDate),
      ends: moment(event.endDate),
      summary: event.summary,
      description: event.description,
      place: event.location,
      url: value('url'),
      transparency: value('transp'),
      changed: moment(value('last-modified')),
    };
  });
  const tasks = root.getAllSubcomponents('vtodo').map((component) => {
    const value = (name) => component.getFirstPropertyValue(name);
    return {
      uid: value('uid'),
      sequence: value('sequence'),
      status: value('status'),
      summary: value('summary'),
      due: value('due') ? moment(value('due')) : null,
      percent: value('percent-complete'),
      completed: value('completed') ? moment(value('completed')) : null,
      url: value('url'),
      categories: component.getFirstProperty('categories')?.getValues() ?? [],
    };
  });
  const named = (name) => root.getFirstPropertyValue(name);
  return { name: named('name'), shown_name: named('x-wr-calname'), method: named('method'), entries, tasks };
}

function withNodeIcal(text) {
  const parsed = ical.parseICS(text);
  const plain = (value) => (value && typeof value === 'object' && 'val' in value ? value.val : (value ?? null));
  const entries = Object.values(parsed).filter((one) => one.type === 'VEVENT').map((one) => {
    const moment = (date) => (one.datetype === 'date' ? localDay(date) : instant(date));
    return {
      uid: one.uid,
      sequence: Number(one.sequence),
      status: one.status ?? null,
      starts: moment(one.start),
      ends: moment(one.end),
      summary: plain(one.summary),
      description: plain(one.description),
      place: plain(one.location),
      url: plain(one.url),
      transparency: one.transparency ?? null,
      changed: instant(one.lastmodified),
    };
  });
  const day = (date) => (date ? (date.dateOnly ? localDay(date) : instant(date)) : null);
  const tasks = Object.values(parsed).filter((one) => one.type === 'VTODO').map((one) => ({
    uid: one.uid,
    sequence: Number(one.sequence),
    status: one.status ?? null,
    summary: plain(one.summary),
    due: day(one.due),
    percent: one.completion === undefined ? null : Number(one.completion),
    completed: day(one.completed),
    url: plain(one.url),
    categories: one.categories ?? [],
  }));
  const head = parsed.vcalendar ?? {};
  return { name: plain(head.name), shown_name: plain(head['WR-CALNAME']), method: plain(head.method), entries, tasks };
}

const readings = Object.fromEntries(
  process.argv.slice(2).map((path) => {
    const text = readFileSync(path, 'utf8');
    return [path, { 'ical.js': withIcalJs(text), 'node-ical': withNodeIcal(text) }];
  }),
);
console.log(JSON.stringify(readings));
