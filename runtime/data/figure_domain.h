// SPDX-License-Identifier: Apache-2.0
// Figure domain: which numbers a figure that rules read or work out can be.
#ifndef BS_DATA_FIGURE_DOMAIN_H
#define BS_DATA_FIGURE_DOMAIN_H

#include "runtime/data/program.h"

// The ends are figures that can occur.
typedef struct FigureDomain {
    bool whole; // only whole numbers
    bool has_low, has_high;
    Number low, high;
} FigureDomain;

// Of what stands in register [reg] of a function whose instructions begin at [code]; [defs] has by
// register the index in [code] of the instruction that writes it.
FigureDomain figure_domain(const Program *p, const Instr *code, const uint32_t *defs, uint16_t reg);

#endif
