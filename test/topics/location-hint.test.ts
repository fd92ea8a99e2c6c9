import { describe, expect, it } from "vitest";
import { regionOf } from "../../src/topics/region.ts";

describe("the region of a visitor", () => {
  it.each([
    [{ continent: "NA", country: "US", longitude: "-74.0" }, "enam"],
    [{ continent: "NA", country: "US", longitude: "-122.4" }, "wnam"],
    [{ continent: "EU", country: "FR", longitude: "2.3" }, "weur"],
    [{ continent: "EU", country: "PL", longitude: "21.0" }, "eeur"],
    [{ continent: "EU", country: "FR" }, "weur"],
    [{ continent: "AS", country: "JP", longitude: "139.7" }, "apac"],
    [{ continent: "AS", country: "AE", longitude: "55.3" }, "me"],
    [{ continent: "AF", country: "EG" }, "me"],
    [{ continent: "AF", country: "ZA" }, "afr"],
    [{ continent: "SA", country: "BR" }, "sam"],
    [{ continent: "OC", country: "AU" }, "oc"],
    [{ continent: "AN" }, undefined],
    [{ continent: "toString" }, undefined],
    [{}, undefined],
    [undefined, undefined],
    [null, undefined],
  ])("of %j is %s", (cf, region) => {
    expect(regionOf(cf)).toBe(region);
  });
});
