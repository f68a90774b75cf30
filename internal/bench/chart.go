package main

import (
	"fmt"
	"math"
	"strings"
)

// Sizes of the chart in pixels.
const (
	chartWidth  = 760
	labelWidth  = 250
	barHeight   = 14
	rowHeight   = 44
	headHeight  = 40
	rightMargin = 90
)

// chart draws the time of every phase of the mixes beside its floor, on a logarithmic
// scale from a tenth of a second.
func (r report) chart() string {
	longest := 1.0
	for _, m := range r.mixes {
		longest = max(longest, m.took.Seconds())
	}
	width := func(seconds float64) float64 {
		share := math.Log(max(seconds, 0.1)/0.1) / math.Log(longest/0.1)
		return max(share*(chartWidth-labelWidth-rightMargin), 1)
	}
	var svg strings.Builder
	height := headHeight + rowHeight*len(r.mixes) + 10
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="12">
<title>Time of each command beside its floor</title>
<rect width="100%%" height="100%%" fill="#ffffff"/>
<rect x="%[3]d" y="12" width="14" height="14" fill="#2f6f9f"/><text x="%[4]d" y="23">measured</text>
<rect x="%[5]d" y="12" width="14" height="14" fill="#b9c7d1"/><text x="%[6]d" y="23">floor</text>
<text x="%[7]d" y="23" text-anchor="end" fill="#666666">logarithmic scale</text>
`, chartWidth, height, labelWidth, labelWidth+20, labelWidth+100, labelWidth+120, chartWidth-10)
	for i, m := range r.mixes {
		top := headHeight + i*rowHeight
		fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="end">%d users, %s</text>
`, labelWidth-10, top+19, m.workload.users, m.phase)
		for j, bar := range []struct {
			seconds float64
			colour  string
		}{{m.took.Seconds(), "#2f6f9f"}, {m.floor.Seconds(), "#b9c7d1"}} {
			y := top + j*(barHeight+1)
			fmt.Fprintf(&svg, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d" font-size="11">%.1f s</text>
`, labelWidth, y, width(bar.seconds), barHeight, bar.colour, labelWidth+width(bar.seconds)+6, y+11, bar.seconds)
		}
	}
	return svg.String() + "</svg>\n"
}
