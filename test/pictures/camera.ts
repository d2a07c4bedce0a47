import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { root } from '../../scripts/paths.ts';
import type { Workbench } from '../host/workbench.ts';

/** What a picture shows of the window. */
export interface Shot {
  /** The smallest rectangle around these. */
  readonly area: readonly Locator[];
  /** At most so high and wide, in pixels from the upper left. */
  readonly height?: number;
  readonly width?: number;
  /** Done before each picture, e.g. opening a menu, which changing the theme closes. */
  readonly before?: () => Promise<unknown>;
  readonly after?: () => Promise<unknown>;
}

/** ms until a theme's colours are everywhere, webviews included. */
const SETTLE = 700;
/** Of 1: the files go into the package, which is to stay small. */
const QUALITY = 0.35;
/** Of each colour. */
const SHADES = 16;

/** Takes pictures of a VS Code window and keeps them where they are shown. */
export class Camera {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Drags the edge of the side bar. */
  async widenSideBar(width: number): Promise<void> {
    const { page } = this.#workbench;
    const box = await page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('the side bar is not in sight');
    await page.mouse.move(box.x + box.width, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + width, box.y + 200, { steps: 5 });
    await page.mouse.up();
  }

  /** Puts the pointer where it marks nothing. */
  async leavePointer(): Promise<void> {
    const size = this.#workbench.page.viewportSize();
    await this.#workbench.page.mouse.move((size?.width ?? 2) / 2, 2);
  }

  /** A picture for the README: docs/pictures/<name>.png. */
  async take(name: string, shot: Shot): Promise<void> {
    await pause(SETTLE);
    await keep(path.join('docs', 'pictures', `${name}.png`), await this.#shoot(shot));
  }

  /** A step of the walkthrough: media/walkthrough/<name>-<theme>.webp. Ends in the dark theme. */
  async inBothThemes(name: string, shot: Shot): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await this.#workbench.setTheme(theme);
      await shot.before?.();
      await pause(SETTLE);
      const png = await this.#shoot(shot);
      await shot.after?.();
      await keep(path.join('media', 'walkthrough', `${name}-${theme}.webp`), await this.#asWebp(png));
    }
  }

  async #shoot({ area, height, width }: Shot): Promise<Buffer> {
    const boxes = await Promise.all(area.map((locator) => locator.boundingBox()));
    const found = boxes.filter((box) => box !== null);
    if (found.length < area.length) throw new Error('what the picture shall show is not in sight');
    const [left, top] = [Math.min(...found.map(({ x }) => x)), Math.min(...found.map(({ y }) => y))];
    const right = Math.max(...found.map((box) => box.x + box.width));
    const bottom = Math.max(...found.map((box) => box.y + box.height));
    const within = (length: number, limit = Number.MAX_VALUE): number => Math.min(length, limit);
    const clip = { x: left, y: top, width: within(right - left, width), height: within(bottom - top, height) };
    return await this.#workbench.page.screenshot({ clip });
  }

  /** The browser's own encoder makes it: no other tool is needed. */
  async #asWebp(png: Buffer): Promise<Buffer> {
    const page = await this.#workbench.browser.newPage();
    try {
      const url = await page.evaluate(
        async ([source, quality, shades]) => {
          const bitmap = await createImageBitmap(await (await fetch(source)).blob());
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
          const context = canvas.getContext('2d', { alpha: false });
          if (context === null) throw new Error('this browser draws nothing');
          context.drawImage(bitmap, 0, 0);
          const lossy = canvas.toDataURL('image/webp', quality);
          // With few shades, what is without loss (quality 1) is small and has sharper text.
          const image = context.getImageData(0, 0, canvas.width, canvas.height);
          const step = 255 / (shades - 1);
          image.data.forEach((value, at) => {
            image.data[at] = Math.round(Math.round(value / step) * step);
          });
          context.putImageData(image, 0, 0);
          const exact = canvas.toDataURL('image/webp', 1);
          return exact.length < lossy.length ? exact : lossy;
        },
        [`data:image/png;base64,${png.toString('base64')}`, QUALITY, SHADES] as const,
      );
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    } finally {
      await page.close();
    }
  }
}

async function keep(file: string, content: Buffer): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), content);
}
