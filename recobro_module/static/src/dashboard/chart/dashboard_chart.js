import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { colorOf } from "../format";

/** A chart, and the same as a table for who reads better so, or does not see it. */
export class DashboardChart extends Component {
    static template = "recobro_module.DashboardChart";
    static props = {
        type: { validate: (type) => ["bar", "line"].includes(type) },
        label: String,
        labels: Array,
        series: {
            type: Array,
            element: {
                type: Object,
                shape: { label: String, values: Array, color: Number, colors: { type: Array, optional: true } },
            },
        },
        format: Function,
        formatAxis: { type: Function, optional: true },
        isStacked: { type: Boolean, optional: true },
        onClick: { type: [Function, { value: null }], optional: true },
    };
    static defaultProps = { isStacked: false };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ isTable: false });
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => this.draw());
        onWillUnmount(() => this.chart?.destroy());
    }

    /** Draw it anew; without an animation, for figures are read and not watched. */
    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (this.canvas.el) {
            this.chart = new Chart(this.canvas.el, this.config);
        }
    }

    get config() {
        const style = getComputedStyle(this.canvas.el);
        const text = style.color;
        return {
            type: this.props.type,
            data: { labels: this.props.labels, datasets: this.props.series.map((one) => this.dataset(one)) },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (event, _elements, chart) => this.onClick(event, chart),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = this.props.onClick && elements.length ? "pointer" : "";
                },
                plugins: {
                    legend: {
                        display: this.props.series.length > 1,
                        position: "bottom",
                        labels: { color: text, boxWidth: 10, boxHeight: 10 },
                    },
                    tooltip: { callbacks: { label: (item) => this.tooltip(item) } },
                },
                scales: {
                    x: { stacked: this.props.isStacked, ticks: { color: text }, grid: { display: false } },
                    y: {
                        stacked: this.props.isStacked,
                        beginAtZero: true,
                        ticks: { color: text, maxTicksLimit: 6, callback: this.props.formatAxis || this.props.format },
                        grid: { color: "rgba(128, 128, 128, .2)" },
                    },
                },
            },
        };
    }

    dataset({ label, values, color, colors }) {
        const fill = colors ? colors.map(colorOf) : colorOf(color);
        const line = { borderColor: fill, borderWidth: 2, pointRadius: 3, tension: 0.2, spanGaps: false };
        const bar = { maxBarThickness: 64 };
        return { label, data: values, backgroundColor: fill, ...(this.props.type === "line" ? line : bar) };
    }

    tooltip({ dataset, raw }) {
        return this.props.series.length > 1 ? `${dataset.label}: ${this.props.format(raw)}` : this.props.format(raw);
    }

    onClick(event, chart) {
        const [found] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false);
        if (found && this.props.onClick) {
            this.props.onClick(found.index, found.datasetIndex);
        }
    }

    toggle() {
        this.state.isTable = !this.state.isTable;
    }
}
