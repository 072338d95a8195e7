//! The map of Italy as a drawing: regions by how many records they have, places as points, each a
//! link. Knows the outlines and the projection they are drawn in, nothing of records.

use super::frame::Frame;
use crate::web::assets::outlines;
use askama::Template;

/// The width and height of the drawing, where the outlines do not say.
const AREA: &str = "0 0 610 793";
/// How longitude becomes a distance from the left: factor and offset, fitted to the outlines.
const ACROSS: (f64, f64) = (51.252_372, -339.144_503);
/// The same for Mercator's latitude and the distance from the top.
const DOWN: (f64, f64) = (-2_929.468_016, 2_736.364_104);
/// Shades of regions, from none to the most.
const SHADES: u32 = 5;

/// Something to be shown on the map.
pub struct Spot {
    pub name: String,
    pub count: u32,
    pub address: String,
    /// The ISTAT code of a region.
    pub region: Option<String>,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    /// Whether it has a row in the table beside the map.
    pub is_listed: bool,
}

/// The map and the same facts as rows.
#[derive(Template)]
#[template(path = "map.html")]
pub struct Map<'f> {
    frame: &'f Frame<'f>,
    area: &'static str,
    regions: Vec<RegionPart>,
    points: Vec<PointPart>,
    rows: Vec<Row>,
    has_outlines: bool,
}

struct RegionPart {
    path: &'static str,
    shade: u32,
    name: String,
    address: Option<String>,
}

struct PointPart {
    x: String,
    y: String,
    radius: String,
    name: String,
    address: String,
}

struct Row {
    name: String,
    count: String,
    address: String,
}

impl<'f> Map<'f> {
    /// Draws regions and points; `extra` are drawn as points too, without a row of their own.
    pub fn new(frame: &'f Frame<'f>, spots: &[Spot]) -> Self {
        let number = |count: u32| frame.words.number(&count.to_string()).unwrap_or_default();
        let named = |spot: &Spot| format!("{}: {}", spot.name, number(spot.count));
        let most = spots.iter().filter(|spot| spot.region.is_some()).map(|spot| spot.count).max();
        let most = most.unwrap_or(1).max(1);
        let drawn = outlines();
        let regions = drawn.into_iter().flat_map(|drawn| &drawn.regions).map(|outline| {
            let spot = spots.iter().find(|spot| spot.region.as_ref() == Some(&outline.istat));
            let count = spot.map_or(0, |spot| spot.count);
            RegionPart {
                path: &outline.path,
                shade: if count == 0 { 0 } else { 1 + (count - 1) * (SHADES - 1) / most },
                name: spot.map(named).unwrap_or_default(),
                address: spot.map(|spot| spot.address.clone()),
            }
        });
        let largest = spots.iter().filter(|spot| spot.region.is_none()).map(|spot| spot.count);
        let largest = f64::from(largest.max().unwrap_or(1).max(1));
        let is_point = |spot: &&Spot| spot.region.is_none() || drawn.is_none();
        let points = spots.iter().filter(is_point).filter_map(|spot| {
            let (x, y) = project(spot.place?);
            let radius = 4.0 + 9.0 * (f64::from(spot.count) / largest).sqrt();
            Some(PointPart {
                x: format!("{x:.1}"),
                y: format!("{y:.1}"),
                radius: format!("{radius:.1}"),
                name: named(spot),
                address: spot.address.clone(),
            })
        });
        let (regions, points) = (regions.collect(), points.collect());
        let rows = spots.iter().filter(|spot| spot.is_listed).map(|spot| Row {
            name: spot.name.clone(),
            count: number(spot.count),
            address: spot.address.clone(),
        });
        Self {
            frame,
            area: drawn.map_or(AREA, |drawn| drawn.area.as_str()),
            regions,
            points,
            rows: rows.collect(),
            has_outlines: drawn.is_some(),
        }
    }
}

/// Where a point is in the drawing: Mercator's projection, as the outlines are drawn.
fn project((lat, long): (f64, f64)) -> (f64, f64) {
    let mercator = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
    (ACROSS.0 * long + ACROSS.1, DOWN.0 * mercator + DOWN.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rome_is_in_the_middle_and_palermo_below_it() {
        let (rome, palermo) = (project((41.89, 12.51)), project((38.12, 13.36)));
        assert!((290.0..315.0).contains(&rome.0) && (360.0..400.0).contains(&rome.1), "{rome:?}");
        assert!(palermo.1 > rome.1 + 150.0, "{palermo:?}");
    }
}
